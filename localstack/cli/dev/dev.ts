import { createAuth } from '#shared/auth';
import { type Config, loadConfig } from '#shared/config';
import { startEmbeddedPostgres } from '#shared/database';
import { ensureToken, keysFolder, lockFolder } from '../../data-folder/index.ts';
import { dataPaths } from '../../embedded/paths.ts';
import { preflight } from '../../preflight/index.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { openLog } from '../open-log.ts';
import { projectFolder } from '../project-folder.ts';
import type { Terminal } from '../terminal.ts';
import type { DevSettings } from './dev-messages.ts';
import { keepRunning } from './keep-running.ts';
import { endLeftover, forgetProcess } from './leftover.ts';
import { watchFiles } from './watch-files.ts';

/**
 * `millrace dev`: like `start`, and replaces what loads a changed file: one lane, or the platform's process. The
 * database belongs to this process and goes on, and with it the runs in flight.
 */
export async function dev({ terminal }: { terminal: Terminal }): Promise<void> {
  const config = loadConfig();
  const { dataDir } = config;
  const interrupt = listenForInterrupt({ terminal, message: 'Stopping. Ctrl-C again stops at once.' });
  const leftover = await endLeftover(dataDir);
  if (leftover !== undefined) {
    terminal.say(`Ended process ${leftover}, which an earlier "millrace dev" had left; its port is free.`);
  }
  const notes = await preflight(config);
  terminal.say(terminal.dim(`Checked: ${notes.join(', ')}.`));
  const lock = await lockFolder({ dataDir, command: 'dev' });
  const log = openLog({ config, to: 'file' });
  const undo: (() => Promise<unknown>)[] = [lock.release, async () => log.close()];
  try {
    const failure = Promise.withResolvers<never>();
    failure.promise.catch(() => undefined);
    const database = await openDatabase(config, log.log, failure.reject);
    undo.unshift(database.stop);
    const auth = createAuth({ keysFolder: keysFolder(dataDir), clock: { now: () => new Date() } });
    await ensureToken({ dataDir, auth });
    const settings = settingsOf(config, database);
    const running = await keepRunning({ terminal, settings, announce: (url) => lock.announce(url) });
    undo.unshift(running.stop, () => forgetProcess(dataDir));
    const watcher = watchFiles({ project: projectFolder, onChange: running.changed });
    undo.unshift(async () => watcher.close());
    terminal.say('Watching functions, shared, localstack and events.yaml. Ctrl-C stops.');
    await Promise.race([interrupt.requested, failure.promise]);
  } finally {
    for (const step of undo) await step();
    interrupt.dispose();
  }
  terminal.say('Stopped.');
}

interface DevDatabase {
  readonly databaseUrl: string;
  readonly databaseDirectUrl: string;
  stop(): Promise<void>;
}

async function openDatabase(
  config: Config,
  log: Parameters<typeof startEmbeddedPostgres>[0]['log'],
  fail: (reason: unknown) => void,
): Promise<DevDatabase> {
  const outside = config.databaseUrl?.reveal();
  if (outside !== undefined) {
    const databaseDirectUrl = config.databaseDirectUrl?.reveal() ?? outside;
    return { databaseUrl: outside, databaseDirectUrl, stop: async () => undefined };
  }
  const server = await startEmbeddedPostgres({ dataDir: dataPaths(config.dataDir).postgres, log });
  server.onExit(fail);
  return { databaseUrl: server.url, databaseDirectUrl: server.url, stop: () => server.stop() };
}

function settingsOf(config: Config, { databaseUrl, databaseDirectUrl }: DevDatabase): DevSettings {
  const { databaseUrl: _url, databaseDirectUrl: _direct, languageModel, ...plain } = config;
  return {
    config: plain,
    databaseUrl,
    databaseDirectUrl,
    languageModel:
      languageModel.provider === 'offline'
        ? languageModel
        : { ...languageModel, apiKey: languageModel.apiKey.reveal() },
  };
}
