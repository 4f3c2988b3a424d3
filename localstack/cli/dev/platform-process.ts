/** The platform of `millrace dev`, in a process that can be replaced while the database goes on. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, Secret } from '#shared/config';
import { createLog } from '#shared/telemetry';
import { type Platform, startPlatform } from '../../embedded/index.ts';
import type { DevSettings, FromPlatform, ToPlatform } from './dev-messages.ts';
import { readableLine } from './readable-line.ts';

let platform: Promise<Platform> | undefined;

function start({ config, databaseUrl, databaseDirectUrl, languageModel }: DevSettings): Promise<Platform> {
  const whole: Config = {
    ...config,
    databaseUrl: new Secret(databaseUrl),
    databaseDirectUrl: new Secret(databaseDirectUrl),
    languageModel:
      languageModel.provider === 'offline'
        ? languageModel
        : { ...languageModel, apiKey: new Secret(languageModel.apiKey) },
  };
  const path = join(config.dataDir, 'logs', 'millrace.log');
  mkdirSync(dirname(path), { recursive: true });
  const write = (line: string) => {
    appendFileSync(path, line);
    const shown = readableLine(line);
    if (shown !== undefined) process.stdout.write(`${shown}\n`);
  };
  const log = createLog({ service: 'millrace', level: config.logLevel, destination: { write } });
  return startPlatform({ config: whole, log });
}

function tell(message: FromPlatform): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  tell({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
  void stop(1);
}

async function stop(code: number): Promise<void> {
  const running = await platform?.catch(() => undefined);
  await running?.stop();
  process.exit(code);
}

process.on('message', (message: ToPlatform) => {
  switch (message.kind) {
    case 'start':
      platform = start(message.settings);
      platform.then(({ url, failed }) => {
        tell({ kind: 'ready', url });
        failed.catch(fail);
      }, fail);
      return;
    case 'restart':
      void platform?.then(({ restartLane }) => Promise.all(message.lanes.map(restartLane))).catch(fail);
      return;
    case 'stop':
      void stop(0);
  }
});
// Whoever started it has died, and with it the database: there is nothing to drain into.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; `millrace dev` stops its processes in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
