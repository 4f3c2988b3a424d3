import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inheritedEnvironment } from '#shared/config';
import { launcher, startMillrace } from '../hygiene/run-millrace.ts';
import { filesWithSecrets, secretIn, secretsOf } from './kept-secrets.ts';
import { kill, processesOf, type RunningProcess, until } from './processes.ts';

export { filesUnder } from './files-under.ts';

/** `millrace start` as a user has it: a process of its own, on a data folder with spaces, spoken to over HTTP. */
export interface Product {
  readonly url: string;
  readonly dataDir: string;
  /** All that it said on stderr: its log. */
  log(): string;
  /** A token of an owner, as the command line issues it. */
  token(owner: string): Promise<string>;
  /** A request with the token of an owner. */
  ask(
    path: string,
    request?: { as?: string; method?: string; body?: object; limitMs?: number },
  ): Promise<Response>;
  processes(): Promise<readonly RunningProcess[]>;
  /** What still runs of lives that were ended before the present one. */
  orphans(): Promise<readonly RunningProcess[]>;
  /** Where the database answers, with its password. */
  databaseUrl(): Promise<string>;
  /** kill -9: of the platform alone; of the whole group (platform, lanes, FFmpeg); of Postgres and its watchdog too. */
  killAll(what: 'platform' | 'group' | 'group and database'): Promise<void>;
  /** Starts it again on the same folder. */
  startAgain(): Promise<void>;
  /** Ctrl-C; answers the exit code and what still runs afterwards. */
  stop(): Promise<{ code: number | null; left: readonly RunningProcess[] }>;
  /** Ends what still runs and removes the folder. @throws Error where a secret was kept or logged, whatever the test was of */
  remove(): Promise<void>;
}

interface Life {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ended: Promise<number | null>;
}

const START_LIMIT_MS = 120_000;

export async function startProduct(environment: Record<string, string> = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), "millrace end to end, it's "));
  const groups = new Set<number>();
  const tokens = new Map<string, Promise<string>>();
  let said = '';
  const begin = async (): Promise<Life> => {
    const started = await launch({ DATA_DIR: dataDir, ...environment }, (text) => {
      said += text;
    });
    groups.add(started.child.pid ?? -1);
    return started;
  };
  let life = await begin().catch(async (cause) => {
    await rm(dataDir, { recursive: true, force: true });
    throw new Error(`the product does not start: ${said}`, { cause });
  });

  const processes = () => processesOf({ groups, folder: dataDir });
  const tokenOf = (owner: string): Promise<string> => {
    const known = tokens.get(owner) ?? issueToken(owner, dataDir);
    tokens.set(owner, known);
    return known;
  };

  return {
    get url() {
      return life.url;
    },
    dataDir,
    log: () => said,
    token: tokenOf,
    processes,
    orphans: async () =>
      (await processes()).filter(({ group }) => groups.has(group) && group !== life.child.pid),
    async ask(path, { as = 'alice', method = 'GET', body, limitMs = 30_000 } = {}) {
      // A test that has computed for seconds has not yet heard that the server closed a connection that was idle.
      for (let turn = 0; turn < 2; turn += 1) await setImmediate();
      return fetch(new URL(path, life.url), {
        method,
        headers: {
          authorization: `Bearer ${await tokenOf(as)}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(limitMs),
      });
    },
    async databaseUrl() {
      const folder = join(dataDir, 'postgres');
      const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
      const port = (await readFile(join(folder, 'port'), 'utf8')).trim();
      return `postgresql://millrace:${password}@127.0.0.1:${port}/postgres`;
    },
    async killAll(what) {
      const all = what === 'group and database' ? await processes() : [];
      const { pid: platform = Number.NaN } = life.child;
      process.kill(what === 'platform' ? platform : -platform, 'SIGKILL');
      for (const { pid } of all) kill(pid);
      await life.ended;
    },
    async startAgain() {
      life = await begin();
    },
    async stop() {
      life.child.kill('SIGINT');
      const code = await life.ended;
      return { code, left: await processes() };
    },
    async remove() {
      for (const { pid } of await processes()) kill(pid);
      await until({
        what: 'the end of all processes',
        limitMs: 60_000,
        look: async () => (await processes()).length === 0,
      });
      const issued = await Promise.all(
        [...tokens].map(async ([owner, token]) => [owner, await token] as const),
      );
      const secrets = new Map([
        ...(await secretsOf(dataDir)),
        ...issued.map(([owner, token]) => [`the token of ${owner}`, token.split('.')[2] ?? token] as const),
      ]);
      const logged = secretIn(said, secrets);
      const kept = await filesWithSecrets(dataDir, secrets);
      await rm(dataDir, { recursive: true, force: true });
      if (logged !== undefined) kept.push(`the log holds ${logged}`);
      if (kept.length > 0) throw new Error(`secrets were kept: ${kept.join('; ')}`);
    },
  };
}

async function launch(environment: Record<string, string>, onLog: (text: string) => void): Promise<Life> {
  const child = spawn(process.execPath, [launcher, 'start'], {
    env: {
      ...inheritedEnvironment(),
      ...{ PORT: '0', LOG_LEVEL: 'info', RATE_LIMIT: '100000' },
      ...environment,
    },
    // A process group of its own, which can be killed whole.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', onLog);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let isOver = false;
  ended.finally(() => {
    isOver = true;
  });
  const url = await until({
    what: 'the platform is ready',
    limitMs: START_LIMIT_MS,
    look: async () => {
      if (isOver) throw new Error(`the platform ended at its start: ${out}`);
      return /is ready at (\S+)/.exec(out)?.[1];
    },
  });
  return { child, url, ended };
}

async function issueToken(owner: string, dataDir: string): Promise<string> {
  const { code, out, err } = await startMillrace({
    words: ['token', '--owner', owner],
    environment: { DATA_DIR: dataDir },
  }).ended;
  if (code !== 0) throw new Error(`no token for ${owner}: ${err}`);
  return out.trim();
}
