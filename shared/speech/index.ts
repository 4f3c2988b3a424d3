/** Speech: the port of voice providers and the offline default. */
export type { Speech, SpokenText, SpokenWord, Voice } from './port.ts';
