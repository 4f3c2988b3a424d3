/** What would fail later is checked and said before anything starts: one check a file. */
export type { Check, Finding } from './check.ts';
export { dataFolderCheck } from './data-folder.ts';
export { diskCheck } from './disk.ts';
export { ffmpegCheck } from './ffmpeg.ts';
export { nodeCheck } from './node-version.ts';
export { objectsCheck } from './objects.ts';
export { portCheck } from './port.ts';
export { findPortHolder } from './port-holder.ts';
export { preflight, settle } from './preflight.ts';
export { queuesCheck } from './queues.ts';
