import { Permanent } from '#shared/errors';
import { createPictureFiles } from '#shared/pictures';
import type { PortMaker } from './make-ports.ts';

export const pictureFiles: PortMaker<'pictureFiles'> = (_settings, platform) => {
  if (platform === undefined)
    throw new Permanent(
      'store-needed',
      'Pictures lie in the store of a platform, which a function that runs alone does not have; start Millrace instead.',
    );
  return createPictureFiles({ store: platform.store });
};
