/** Pictures: illustrations and thumbnails. */
export { createIllustrator } from './create-illustrator.ts';
export type { Picture, PictureMaker, PictureRequest } from './port.ts';
