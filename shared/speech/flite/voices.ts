import type { Voice } from '../port.ts';

/** The voices inside the WebAssembly build, the default first. `kal` (8 kHz) only serves to look up pronunciations. */
export const fliteVoices: readonly Voice[] = [
  { id: 'rms', name: 'RMS', language: 'en-US', gender: 'male', provider: 'flite' },
  { id: 'slt', name: 'SLT', language: 'en-US', gender: 'female', provider: 'flite' },
  { id: 'awb', name: 'AWB (Scottish)', language: 'en-GB', gender: 'male', provider: 'flite' },
  { id: 'kal16', name: 'KAL (robotic)', language: 'en-US', gender: 'male', provider: 'flite' },
];
