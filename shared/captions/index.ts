/** Captions: timed words to cues that people can read, and the two subtitle formats. */
export type { Cue } from './cue.ts';
export { endsSentence } from './ends-sentence.ts';
export { groupCues } from './group-cues.ts';
export { writeSrt } from './write-srt.ts';
export { writeVtt } from './write-vtt.ts';
