/** People's pictures: cleaned of what they tell, made in a few sizes, shown by signed links, gone when nothing shows them. */
export { makeSizes, PICTURE_SIZES } from './make-sizes.ts';
export { createPictureFiles, type PictureFiles } from './picture-files.ts';
export { pictureSize } from './picture-size.ts';
export {
  createPictures,
  type PictureLinks,
  type Pictures,
  type PictureView,
  pictureView,
} from './pictures.ts';
export {
  addPicture,
  deletePicture,
  deleteUnused,
  dropPictures,
  insertPicture,
  type Picture,
  setCleaned,
  setReady,
  setRefused,
  usePictures,
} from './rows.ts';
