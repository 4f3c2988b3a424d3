/** A chunk of its own in the bundle: the SDK of S3 is larger than all the rest. */
export { createS3Store } from '#shared/storage';
