import type { FunctionDefinition, Ports } from '#shared/function';
import type { LaneSettings } from './lane-settings.ts';

type PortSettings = Pick<LaneSettings, 'languageModel' | 'ffmpegBin'>;

/**
 * The providers that the settings choose, of what these functions need: a lane loads and keeps no other's code, which is
 * half of its start. Each loads what is heavy with its first use.
 */
export async function createPorts(
  settings: PortSettings,
  { retention, functions }: Pick<Ports, 'retention'> & { functions: readonly FunctionDefinition[] },
): Promise<Ports> {
  const makers: Readonly<Record<keyof Ports, () => Promise<unknown>>> = {
    keywords: async () => (await import('#shared/keywords')).createOfflineKeywords(),
    scriptWriter: () => scriptWriter(settings),
    speech: async () => (await import('#shared/speech')).createFliteSpeech(),
    pictures: async () => (await import('#shared/images')).createIllustrator(),
    media: () => media(settings),
    retention: async () => retention,
  };
  const needed = new Set(functions.flatMap(({ needs }) => [...needs]));
  const made = await Promise.all([...needed].map(async (name) => [name, await makers[name]()] as const));
  return Object.fromEntries(made) as unknown as Ports;
}

async function scriptWriter({ languageModel }: PortSettings): Promise<Ports['scriptWriter']> {
  const { createModelScriptWriter, createOfflineScriptWriter } = await import('#shared/language');
  if (languageModel.provider === 'offline') return createOfflineScriptWriter();
  const { baseUrl, apiKey, model, timeoutSeconds, maxTokens } = languageModel;
  return createModelScriptWriter({
    ...{ baseUrl, apiKey, model },
    timeoutMs: timeoutSeconds * 1_000,
    maxOutputTokens: maxTokens,
  });
}

async function media({ ffmpegBin }: PortSettings): Promise<Ports['media']> {
  const { createMedia, findFfmpeg } = await import('#shared/media');
  const ffmpeg = await findFfmpeg(ffmpegBin === undefined ? {} : { explicit: ffmpegBin });
  return createMedia({ ffmpeg: ffmpeg.path });
}
