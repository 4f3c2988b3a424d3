import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuth, createUrlSigner } from '#shared/auth';
import { inheritedEnvironment } from '#shared/config';
import { connect, type Pool, startEmbeddedPostgres } from '#shared/database';
import { findFfmpeg } from '#shared/media';
import { readTopology } from '#shared/topology';
import { until } from '../../end-to-end/processes.ts';
import { numbersFrom, testSeed } from '../../seed.ts';
import { createFastClock } from '../data-plane/clock.ts';
import { type Cluster, startCluster } from '../data-plane/cluster.ts';
import { readManifests } from '../data-plane/manifests.ts';
import { type Container, startContainer } from '../data-plane/process.ts';
import { createFates, type Fates } from './fates.ts';
import { buildImages } from './images.ts';
import { timePasses } from './passing-time.ts';

/** The whole platform as the generated manifests have it, on an emulated data plane. */
export interface Rehearsal {
  readonly cluster: Cluster;
  readonly pool: Pool;
  readonly databaseUrl: string;
  /** Where every process has its objects. */
  readonly dataDir: string;
  readonly fates: Fates;
  /** A request to ingress, or to what else serves callers. */
  ask(path: string, request?: AskedOf): Promise<Response>;
  /** Starts a pipeline; answers its id. */
  start(body: object): Promise<string>;
  /** Waits until a run has settled; answers as what. */
  settled(run: string): Promise<string>;
  close(): Promise<void>;
}

interface AskedOf {
  readonly of?: 'ingress' | 'streams';
  readonly method?: string;
  readonly body?: object;
  /** Idempotency key. */
  readonly key?: string;
}

const inProject = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const quiet = { info: () => undefined, warn: () => undefined };
/** The cluster's time against real time: 30 s of draining take 6, an hour of a Job's time to live twelve minutes. */
const SPEED = 5;
/** The ledger's time: so many seconds pass with each one. */
const LEDGER_SPEED = 10;
const SETTLE_LIMIT_MS = 180_000;

export async function startRehearsal(): Promise<Rehearsal> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  return begin(closers, close).catch(async (error) => {
    await close();
    throw error;
  });
}

async function begin(closers: (() => Promise<unknown>)[], close: () => Promise<void>): Promise<Rehearsal> {
  const topology = readTopology({ path: inProject('events.yaml') });
  const images = await buildImages(topology);
  closers.push(images.remove);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-rehearsal-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const database = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    log: quiet,
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  closers.push(() => database.stop());
  const { url: databaseUrl } = database;
  const dataDir = join(folder, 'data');
  const keys = { keysFolder: join(dataDir, 'keys'), clock: { now: () => new Date() } };
  await createUrlSigner(keys).sign({ method: 'GET', path: '/', expiresAt: new Date() });
  const auth = createAuth(keys);
  const request = { sub: 'alice', account: 'alice', roles: [], ttlSeconds: 3_600 };
  const token = await auth.issue(request);
  const { path: ffmpeg } = await findFfmpeg();
  const here = {
    ...inheritedEnvironment(),
    ...{ HOST: '127.0.0.1', DATA_DIR: dataDir, OBJECTS: 'filesystem', FFMPEG_BIN: ffmpeg },
    ...{ DATABASE_URL: databaseUrl, RATE_LIMIT: '100000' },
  };
  const nowhere = { TRANSPORT: 'broker', BROKER_URL: 'http://127.0.0.1:1/' };
  const migrate = images.command('platform', ['migrate']);
  const migration = startContainer(migrate, { ...here, ...nowhere }, 'migration');
  if ((await migration.ended) !== 0) throw new Error(`The migration failed: ${migration.said()}`);

  const fates = createFates();
  const cluster = await startCluster({
    manifests: readManifests(
      inProject('knative/generated/base'),
      inProject('knative/generated/components/job-deaths'),
    ),
    clock: createFastClock(SPEED),
    random: numbersFrom(`${testSeed()} rehearsal`),
    // Notices of S3 come from nowhere here.
    command: (image, args) => (args.includes('adapter') ? undefined : images.command(image, args)),
    environment: ({ brokerUrl }) => ({ ...here, BROKER_URL: brokerUrl }),
    room: { podsEach: 2, jobs: 2 },
    fate: fates.of,
  });
  closers.push(cluster.close);
  await Promise.all([...cluster.deployments.values()].map(({ ready }) => ready));
  const pool = connect({ url: databaseUrl, max: 3, applicationName: 'rehearsal' });
  closers.push(() => pool.end());
  const passing = setInterval(() => {
    const living = containersOf(cluster).map(({ pid }) => pid);
    // The database is closed before the last look is done.
    timePasses(pool, { seconds: LEDGER_SPEED - 1, living }).catch(() => undefined);
  }, 1_000);
  closers.push(async () => clearInterval(passing));

  const ask: Rehearsal['ask'] = (path, { of = 'ingress', method = 'GET', body, key } = {}) =>
    fetch(new URL(path, cluster.url(of)), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });

  return {
    ...{ cluster, pool, databaseUrl, dataDir, fates, ask, close },
    async start(body) {
      const answer = await ask('/api/pipelines', { method: 'POST', body });
      if (answer.status !== 202) throw new Error(`refused with ${answer.status}: ${await answer.text()}`);
      return ((await answer.json()) as { id: string }).id;
    },
    settled: (run) =>
      until({
        what: `run ${run} settles`,
        limitMs: SETTLE_LIMIT_MS,
        everyMs: 100,
        look: async () => {
          const { rows } = await pool.query<{ state: string }>('select state from ledger.run where id = $1', [
            run,
          ]);
          const state = rows[0]?.state;
          return state !== 'running' && state;
        },
      }).catch(async (cause) => {
        throw new Error(`${await openWork(pool, run)}\n${saidBy(cluster)}`, { cause });
      }),
  };
}

function containersOf({ services, jobSinks, deployments }: Cluster): readonly Container[] {
  return [
    ...[...services.values()].flatMap(({ pods }) => pods.map(({ container }) => container)),
    ...[...jobSinks.values()].flatMap(({ jobs }) =>
      jobs.flatMap(({ state, container }) => (state === 'running' && container ? [container] : [])),
    ),
    ...[...deployments.values()].flatMap(({ replicas }) => replicas),
  ];
}

/** What is still to be done, for whoever reads the failure. */
async function openWork(pool: Pool, run: string): Promise<string> {
  const { rows } = await pool.query(
    `select function, key, state, attempts, lost, wake_ups, wake_at - ledger.ledger_now() as wakes_in, error
     from ledger.delivery where run = $1 and open order by function`,
    [run],
  );
  return JSON.stringify(rows, undefined, 1);
}

const saidBy = (cluster: Cluster): string =>
  containersOf(cluster)
    .map((container) => container.said().slice(-500))
    .join('\n---\n');
