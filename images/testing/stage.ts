import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ArtifactRef, EventType } from '#shared/events';
import { newRunId } from '#shared/ledger';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { readTopology, type Topology } from '#shared/topology';
import { createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { type Bundle, buildBundle } from '../bundle/index.ts';
import { targetOf } from '../target.ts';
import { openPlace, type Place, type Started } from './place.ts';

const LIMIT_MS = 150_000;

/** A ledger, a store, and functions as their images run them. */
export interface Stage {
  readonly topology: Topology;
  readonly fixture: LedgerFixture;
  readonly place: Place;
  readonly store: ObjectStore;
  readonly bundles: ReadonlyMap<string, Bundle>;
  artifact(name: string, bytes: Uint8Array | string): Promise<ArtifactRef>;
  /** Begins a run; answers its id. */
  begin(flow: string, event: { type: EventType; data: unknown }): Promise<string>;
  /** Deliveries of the run that are due. */
  due(run: string): Promise<readonly { id: string; function: string }[]>;
  /** Starts a function as Knative's JobSink would: with the wake-up in a file. */
  job(name: string, event: string, environment?: Record<string, string>): Promise<Started>;
  /** Starts a function as a server, once; answers its address. */
  serve(name: string): Promise<string>;
  /** Wakes whatever becomes due until the run is settled, or until only these functions have something to do. */
  work(run: string, options?: { until?: readonly string[] }): Promise<string>;
  /** Tells all servers that run to end; answers their exit codes. */
  stop(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** The event that starts a Job, as it stands in its file. */
export const wakeUp = (delivery: string, name: string): string =>
  JSON.stringify({
    ...{ specversion: '1.0', id: `${delivery}.1`, source: 'urn:millrace:wake-ups', type: 'millrace.wake-up' },
    function: name,
  });

export async function openStage(names?: readonly string[]): Promise<Stage> {
  const topology = readTopology({ path: fileURLToPath(new URL('../../events.yaml', import.meta.url)) });
  const folder = await mkdtemp(join(tmpdir(), 'millrace-stage-'));
  const fixture = await createLedgerFixture(topology);
  const bundles = new Map<string, Bundle>();
  for (const name of names ?? topology.functions.map((fn) => fn.name))
    bundles.set(name, await buildBundle({ name, topology, folder: join(folder, name) }));
  const place = await openPlace([...bundles.keys()].map((name) => join(folder, name)));
  const store = await createFilesystemStore({ root: join(place.data.here, 'objects', 'artifacts') });
  await place.handOver();
  const servers = new Map<string, Promise<Started>>();
  let count = 0;

  const start = async (name: string, environment: Record<string, string>): Promise<Started> => {
    if (!bundles.has(name)) throw new Error(`There is no bundle of ${name}.`);
    return place.start({
      bundle: join(folder, name),
      has: (await targetOf(name, topology)) === 'ffmpeg' ? 'ffmpeg' : 'bare',
      environment: { DATABASE_URL: fixture.url, DATA_DIR: place.data.there, ...environment },
    });
  };
  const job = async (name: string, event: string, more: Record<string, string> = {}): Promise<Started> => {
    const folder = join('jobs', String(++count));
    await mkdir(join(place.data.here, folder), { recursive: true });
    await writeFile(join(place.data.here, folder, 'event'), event);
    await place.handOver();
    return start(name, { K_EVENT_PATH: join(place.data.there, folder), K_EXECUTION_MODE: 'batch', ...more });
  };
  const serve = async (name: string): Promise<string> => {
    const server = servers.get(name) ?? start(name, { PORT: '0' });
    servers.set(name, server);
    return (await server).listening();
  };
  const due = (run: string) =>
    fixture.rows<{ id: string; function: string }>(
      `select id, function from ledger.delivery where run = $1 and state = 'due' order by id`,
      [run],
    );
  const errors = async (run: string): Promise<string> =>
    JSON.stringify(
      await fixture.rows('select function, state, error from ledger.delivery where run = $1', [run]),
    );
  const wake = async ({ id, function: name }: { id: string; function: string }): Promise<void> => {
    const profile = topology.profiles[topology.functions.find((fn) => fn.name === name)?.profile ?? ''];
    if (profile?.run === 'job') {
      const { code, complaints } = await (await job(name, wakeUp(id, name))).ended;
      if (code !== 0) throw new Error(`The Job of ${name} ended with ${code}: ${complaints}`);
      return;
    }
    const answer = await fetch(await serve(name), {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: wakeUp(id, name),
    });
    const complaints = (await servers.get(name))?.complaints();
    if (answer.status !== 202) throw new Error(`${name} answered ${answer.status}: ${complaints}`);
  };

  return {
    ...{ topology, fixture, place, store, bundles, due, job, serve },
    async artifact(name, bytes) {
      const key = `runs/given/${++count}/${name}`;
      const stored = await store.put(key, Buffer.from(bytes));
      await place.handOver();
      return { name, key, bytes: stored.bytes, type: stored.type, sha256: stored.sha256 };
    },
    async begin(flow, event) {
      const id = newRunId();
      await fixture.ledger.publish({ run: { id, flow, owner: 'me', title: flow, labels: {} }, event });
      return id;
    },
    async work(run, { until = [] } = {}) {
      for (const end = performance.now() + LIMIT_MS; performance.now() < end; ) {
        const found = await due(run);
        const mine = found.filter((delivery) => !until.includes(delivery.function));
        for (const delivery of mine) await wake(delivery);
        if (mine.length > 0) continue;
        const { state = 'gone' } = (await fixture.ledger.getRun(run)) ?? {};
        const [late] = await fixture.rows(`select from ledger.delivery where run = $1 and state = 'later'`, [
          run,
        ]);
        // Nobody here makes due what was put off, and nothing here should have to be.
        if (state === 'failed' || late !== undefined) throw new Error(`The run failed: ${await errors(run)}`);
        if (state !== 'running' || found.length > 0) return state;
        await sleep(50);
      }
      throw new Error(`The run ${run} does not end: ${await errors(run)}`);
    },
    async stop() {
      const running = await Promise.all(servers.values());
      servers.clear();
      for (const { child } of running) child.kill('SIGTERM');
      return Promise.all(running.map(async ({ ended }) => (await ended).code));
    },
    async close() {
      await place.remove();
      await fixture.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
