/** Sound and moving pictures, all through FFmpeg. */
export type { AssemblyRequest, Loudness, Media, MediaInfo, SceneRequest } from './port.ts';
