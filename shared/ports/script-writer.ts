import { createModelScriptWriter, createOfflineScriptWriter } from '#shared/language';
import type { PortMaker } from './make-ports.ts';

export const scriptWriter: PortMaker<'scriptWriter'> = ({ languageModel }) => {
  if (languageModel.provider === 'offline') return createOfflineScriptWriter();
  const { baseUrl, apiKey, model, timeoutSeconds, maxTokens } = languageModel;
  return createModelScriptWriter({
    ...{ baseUrl, apiKey, model },
    timeoutMs: timeoutSeconds * 1_000,
    maxOutputTokens: maxTokens,
  });
};
