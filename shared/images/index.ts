/** Pictures: illustrations and thumbnails. */
export type { Picture, PictureMaker, PictureRequest } from './port.ts';
