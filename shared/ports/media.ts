import { createMedia, findFfmpeg } from '#shared/media';
import type { PortMaker } from './make-ports.ts';

export const media: PortMaker<'media'> = async ({ ffmpegBin }) => {
  const ffmpeg = await findFfmpeg(ffmpegBin === undefined ? {} : { explicit: ffmpegBin });
  return createMedia({ ffmpeg: ffmpeg.path });
};
