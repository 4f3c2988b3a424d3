import { createIllustrator } from '#shared/images';
import type { PortMaker } from './make-ports.ts';

export const pictures: PortMaker<'pictures'> = () => createIllustrator();
