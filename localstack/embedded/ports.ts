import type { Ports } from '#shared/function';
import { createIllustrator } from '#shared/images';
import { createOfflineKeywords } from '#shared/keywords';
import { createModelScriptWriter, createOfflineScriptWriter } from '#shared/language';
import { createMedia, findFfmpeg } from '#shared/media';
import { createFliteSpeech } from '#shared/speech';
import type { LaneSettings } from './lane-settings.ts';

/** The providers that the settings choose; each loads what is heavy with its first use. */
export async function createPorts(
  settings: Pick<LaneSettings, 'languageModel' | 'ffmpegBin'>,
  { retention }: Pick<Ports, 'retention'>,
): Promise<Ports> {
  const { languageModel, ffmpegBin } = settings;
  const ffmpeg = await findFfmpeg(ffmpegBin === undefined ? {} : { explicit: ffmpegBin });
  return {
    keywords: createOfflineKeywords(),
    scriptWriter:
      languageModel.provider === 'offline'
        ? createOfflineScriptWriter()
        : createModelScriptWriter({
            baseUrl: languageModel.baseUrl,
            apiKey: languageModel.apiKey,
            model: languageModel.model,
            timeoutMs: languageModel.timeoutSeconds * 1_000,
            maxOutputTokens: languageModel.maxTokens,
          }),
    speech: createFliteSpeech(),
    pictures: createIllustrator(),
    media: createMedia({ ffmpeg: ffmpeg.path }),
    retention,
  };
}
