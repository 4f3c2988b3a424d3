import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createAuth, createUrlSigner } from '#shared/auth';
import { inheritedEnvironment } from '#shared/config';
import { connect, type EmbeddedPostgres, type Pool, startEmbeddedPostgres } from '#shared/database';
import { findFfmpeg } from '#shared/media';
import { readTopology } from '#shared/topology';
import { faultsOfVideo } from '../end-to-end/inspect-video.ts';
import { effectsOnce, factsOf } from '../end-to-end/ledger-facts.ts';
import { small } from '../end-to-end/pipelines.ts';
import { until } from '../end-to-end/processes.ts';
import { type Container, startContainer } from '../rehearsal/data-plane/process.ts';
import { buildImages, type Images } from '../rehearsal/pipeline/images.ts';
import { timePasses } from '../rehearsal/pipeline/passing-time.ts';
import { type EmulatedGateway, startGateway } from './emulated-gateway.ts';

const LIMIT_MS = 240_000;
/** The ledger's time: so many seconds pass with each one. */
const LEDGER_SPEED = 10;
const script =
  '# Three hearts\n\nThree hearts beat inside an octopus. Two of them pump blood through the gills.\n\nThe third heart sends it around the body.';

let database: EmbeddedPostgres;
let pool: Pool;
let images: Images;
let gateway: EmulatedGateway;
let folder: string;
let dataDir: string;
let token: string;
let here: Record<string, string>;
let passing: NodeJS.Timeout;
const platform: Container[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-openfaas-'));
  // Its own: a pod of each function and the platform hold more sessions than the shared one has.
  database = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    log: { info: () => undefined, warn: () => undefined },
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  pool = connect({ url: database.url, max: 3, applicationName: 'openfaas-test' });
  images = await buildImages(readTopology({ path: 'events.yaml' }));
  dataDir = join(folder, 'data');
  const keys = { keysFolder: join(dataDir, 'keys'), clock: { now: () => new Date() } };
  await createUrlSigner(keys).sign({ method: 'GET', path: '/', expiresAt: new Date() });
  token = await createAuth(keys).issue({ sub: 'alice', account: 'alice', roles: [], ttlSeconds: 3_600 });
  // As OpenFaaS mounts them.
  const secrets = join(folder, 'secrets');
  await mkdir(secrets);
  for (const name of ['database-url', 'database-direct-url'])
    await writeFile(join(secrets, name), database.url);
  here = {
    ...inheritedEnvironment(),
    ...{ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, OBJECTS: 'filesystem', TRANSPORT: 'postgres' },
    ...{ SECRETS_DIR: secrets, FFMPEG_BIN: (await findFfmpeg()).path },
  };
  const migration = startContainer(images.command('platform', ['migrate']), here, 'migrate');
  if ((await migration.ended) !== 0) throw new Error(`The migration failed: ${migration.said()}`);
  const stack = parse(await readFile('openfaas/generated/stack.yaml', 'utf8')) as { functions: object };
  gateway = await startGateway({
    functions: Object.keys(stack.functions),
    start: (name) => startContainer(images.command(name, []), here, name),
    loses: (call) => call % 4 === 0,
  });
  for (const role of ['scheduler', 'streams', 'dispatcher', 'dispatcher']) platform.push(startRole(role));
  await Promise.all(platform.map(({ ready }) => ready));
  // A pod that was killed is missed when it has been silent for half a minute.
  passing = setInterval(() => {
    const pods = [...gateway.deployed.values()].map(({ container }) => container.pid);
    const living = [...pods, ...platform.map(({ pid }) => pid)];
    timePasses(pool, { seconds: LEDGER_SPEED - 1, living }).catch(() => undefined);
  }, 1_000);
}, 240_000);
afterAll(async () => {
  clearInterval(passing);
  for (const container of platform) container.signal('SIGKILL');
  await Promise.all(platform.map(({ ended }) => ended));
  await gateway?.close();
  await pool?.end();
  await images?.remove();
  await database?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}, 120_000);

function startRole(role: string): Container {
  const settings = { ...here, OPENFAAS_URL: gateway.url };
  return startContainer(images.command('platform', [role]), settings, role);
}

/** Kills the pod of a function with SIGKILL once it works on something. */
async function killAtWork(name: string): Promise<void> {
  await until({
    what: `${name} is at work`,
    limitMs: LIMIT_MS,
    look: async () => {
      const { rows } = await pool.query<{ pid: number }>(
        `select h.pid from ledger.delivery d join ledger.host h on h.id = d.host
         where d.function = $1 and d.state = 'leased'`,
        [name],
      );
      const container = gateway.deployed.get(name)?.container;
      if (container === undefined || rows[0]?.pid !== container.pid) return false;
      container.signal('SIGKILL');
      return true;
    },
  });
}

/** Ends both dispatchers at once, once a function was called, and starts others. */
async function replaceDispatchers(once: string): Promise<void> {
  await until({
    what: `${once} is called`,
    limitMs: LIMIT_MS,
    look: async () => (gateway.calls.get(once) ?? 0) > 0,
  });
  const gone = platform.splice(2, 2);
  for (const container of gone) container.signal('SIGKILL');
  await Promise.all(gone.map(({ ended }) => ended));
  platform.push(startRole('dispatcher'), startRole('dispatcher'));
}

/** What is still to be done, and the last words of everybody, for whoever reads the failure. */
async function openWork(run: string): Promise<string> {
  const { rows } = await pool.query(
    `select function, key, state, attempts, lost, wake_ups, wake_at - ledger.ledger_now() as wakes_in, error
     from ledger.delivery where run = $1 and open order by function`,
    [run],
  );
  const containers = [...platform, ...[...gateway.deployed.values()].map(({ container }) => container)];
  const words = containers.map((container) => `${container.name}: ${container.said().slice(-500)}`);
  return [JSON.stringify(rows, undefined, 1), ...words].join('\n---\n');
}

async function startPipeline(): Promise<string> {
  const port = await platform[1]?.ready;
  const answer = await fetch(`http://127.0.0.1:${port}/api/pipelines`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...small, script }),
  });
  if (answer.status !== 202) throw new Error(`refused with ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

describe('a video behind the gateway of OpenFaaS', () => {
  it(
    'is finished once though pods and dispatchers are killed and a quarter of the answers is lost',
    async () => {
      const run = await startPipeline();
      const mishaps = [
        killAtWork('render-tts'),
        killAtWork('render-scene'),
        replaceDispatchers('generate-image'),
      ];
      const state = await until({
        what: 'the run settles',
        limitMs: LIMIT_MS - 10_000,
        everyMs: 200,
        look: async () => {
          const { rows } = await pool.query<{ state: string }>('select state from ledger.run where id = $1', [
            run,
          ]);
          return rows[0]?.state !== 'running' && rows[0]?.state;
        },
      }).catch(async (cause) => {
        throw new Error(await openWork(run), { cause });
      });
      await Promise.all(mishaps);
      const { rows: failures } = await pool.query('select * from ledger.attempt where outcome <> $1', [
        'lost',
      ]);
      expect({ state, failures }).toEqual({ state: 'completed', failures: [] });
      const path = join(dataDir, 'objects', 'artifacts', 'output', run, 'video.mp4');
      expect(await faultsOfVideo({ path, width: 320, height: 180, seconds: small.seconds })).toEqual([]);
      const scenes = await pool.query(
        `select from ledger.delivery where run = $1 and function = 'render-scene'`,
        [run],
      );
      const facts = await factsOf({ dataDir, databaseUrl: async () => database.url }, run);
      const { lost: _lost, objectFaults, ...rest } = facts;
      const { objectFaults: _faults, ...once } = effectsOnce(scenes.rowCount ?? 0);
      expect(rest).toEqual(once);
      // What a killed attempt left aside goes with the sweep.
      expect(objectFaults.filter((fault) => !fault.startsWith("nobody's"))).toEqual([]);
      for (const name of ['render-tts', 'render-scene'])
        expect(gateway.deployed.get(name)?.restarts).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
