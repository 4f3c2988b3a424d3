/** Measures the sound of finished files: decoding, speech and silence by energy, word onsets by alignment. */
export { alignWords, type HeardWord } from './align-words.ts';
export { decodeAudio, type Pcm } from './decode-audio.ts';
export { findSilence, findSpeech, type Stretch } from './find-speech.ts';
export { type TimingErrors, timingErrors } from './timing-errors.ts';
