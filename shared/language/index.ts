/** Language: script writers, offline and by a language model. */
export { createModelScriptWriter } from './model/model-script-writer.ts';
export { createOfflineScriptWriter } from './offline-script-writer.ts';
export type { ScriptWriter } from './port.ts';
