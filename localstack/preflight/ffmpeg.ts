import { checkEncoders, findFfmpeg } from '#shared/media';
import type { Check } from './check.ts';

/** FFmpeg is there, new enough, and was built with the encoders and filters that videos need. */
export const ffmpegCheck: Check = async ({ config }) => {
  const ffmpeg = await findFfmpeg({ explicit: config.ffmpegBin });
  await checkEncoders({ ffmpeg: ffmpeg.path });
  return { ok: true, note: `FFmpeg ${ffmpeg.version} (${ffmpeg.source})` };
};
