/** Speech: the port of voice providers and the offline default. */
export { defaultVoice } from './default-voice.ts';
export { createFliteSpeech, type FliteSpeech } from './flite/create-flite-speech.ts';
export type { Speech, SpokenText, SpokenWord, Voice } from './port.ts';
export { splitSentences } from './sentences.ts';
