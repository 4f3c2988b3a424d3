import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where Millrace is installed; absolute. */
export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
