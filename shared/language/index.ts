/** Language: script writers (offline and by a language model) and the reference data they draw on. */
export type { ScriptWriter } from './port.ts';
