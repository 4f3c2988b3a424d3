import type { Voice } from '../port.ts';

/** The voices inside the WebAssembly build, the default first. `kal` (8 kHz) only serves to look up pronunciations. Rates: over articles and topics. */
export const fliteVoices: readonly Voice[] = [
  { id: 'rms', name: 'RMS', language: 'en-US', gender: 'male', provider: 'flite', wordsPerMinute: 152 },
  { id: 'slt', name: 'SLT', language: 'en-US', gender: 'female', provider: 'flite', wordsPerMinute: 170 },
  {
    id: 'awb',
    name: 'AWB (Scottish)',
    language: 'en-GB',
    gender: 'male',
    provider: 'flite',
    wordsPerMinute: 170,
  },
  {
    id: 'kal16',
    name: 'KAL (robotic)',
    language: 'en-US',
    gender: 'male',
    provider: 'flite',
    wordsPerMinute: 168,
  },
];
