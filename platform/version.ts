import { readFileSync } from 'node:fs';
import { z } from 'zod';

const page = new URL('../package.json', import.meta.url);

/** The version in package.json. */
export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(page, 'utf8'))).version;
