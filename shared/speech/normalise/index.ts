/** Reading: written text to the plain words a voice says, every written word keeping its own. */
export { type Pause, type ReadWord, readText } from './read-text.ts';
