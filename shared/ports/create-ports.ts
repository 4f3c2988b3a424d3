import type { FunctionDefinition, Ports } from '#shared/function';
import { makePorts, type PlatformParts, type PortLoaders } from './make-ports.ts';
import type { PortSettings } from './port-settings.ts';

const loaders: PortLoaders = {
  keywords: async () => (await import('./keywords.ts')).keywords,
  scriptWriter: async () => (await import('./script-writer.ts')).scriptWriter,
  speech: async () => (await import('./speech.ts')).speech,
  pictures: async () => (await import('./pictures.ts')).pictures,
  media: async () => (await import('./media.ts')).media,
  pictureFiles: async () => (await import('./picture-files.ts')).pictureFiles,
  calendars: async () => (await import('./calendars.ts')).calendars,
  outbound: async () => (await import('./outbound.ts')).outbound,
  mail: async () => (await import('./mail.ts')).mail,
  letters: async () => (await import('./letters.ts')).letters,
  pushes: async () => (await import('./pushes.ts')).pushes,
  webPush: async () => (await import('./web-push.ts')).webPush,
  retention: async () => (await import('./retention.ts')).retention,
};

/** What these functions need, made for the settings: a lane loads and keeps no other's code, which is half of its start. */
export function createPorts(options: {
  settings: PortSettings;
  functions: readonly FunctionDefinition[];
  /** Of a function that runs without a platform: nothing. */
  platform: PlatformParts | undefined;
}): Promise<Ports> {
  const { settings, functions, platform } = options;
  return makePorts({ settings, platform, loaders, needs: functions.flatMap(({ needs }) => [...needs]) });
}
