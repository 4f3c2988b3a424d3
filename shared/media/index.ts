/** Sound and moving pictures, all through FFmpeg. */

export { createMedia } from './create-media.ts';
export { checkEncoders } from './ffmpeg/check-encoders.ts';
export { type Ffmpeg, findFfmpeg } from './ffmpeg/find-ffmpeg.ts';
export type { AssemblyRequest, Loudness, Media, MediaInfo, SceneRequest } from './port.ts';
