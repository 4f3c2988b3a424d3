import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOfVideo } from '../../end-to-end/inspect-video.ts';
import { effectsOnce, factsOf } from '../../end-to-end/ledger-facts.ts';
import { small } from '../../end-to-end/pipelines.ts';
import { until } from '../../end-to-end/processes.ts';
import { brokenGuarantees } from '../../faults/platform/expect-guarantees.ts';
import type { Job } from '../data-plane/job-sink.ts';
import { hasNames } from '../data-plane/process.ts';
import { post } from '../facts/world.ts';
import { begin, toBroker, toOldest, toWorking } from './mishaps.ts';
import { type Rehearsal, startRehearsal } from './rehearsal.ts';

const LIMIT_MS = 200_000;
const script =
  '# Three hearts\n\nThree hearts beat inside an octopus. Two of them pump blood through the gills.\n\nThe third heart sends it around the body.';

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await startRehearsal();
}, 400_000);
afterAll(() => rehearsal?.close(), 60_000);

/** A finished video, every effect once. */
async function expectMadeOnce(run: string): Promise<void> {
  const { dataDir, databaseUrl, pool } = rehearsal;
  const objects = join(dataDir, 'objects', 'artifacts');
  const path = join(objects, 'output', run, 'video.mp4');
  expect(await faultsOfVideo({ path, width: 320, height: 180, seconds: small.seconds })).toEqual([]);
  const scenes = await pool.query(
    `select from ledger.delivery where run = $1 and function = 'render-scene'`,
    [run],
  );
  expect(scenes.rowCount).toBeGreaterThan(0);
  const facts = await factsOf({ dataDir, databaseUrl: async () => databaseUrl }, run);
  const { lost: _lost, objectFaults, ...rest } = facts;
  const { objectFaults: _none, ...once } = effectsOnce(scenes.rowCount ?? 0);
  expect(rest).toEqual(once);
  // What a killed attempt left aside goes with the sweep.
  expect(objectFaults.filter((fault) => !fault.startsWith("nobody's"))).toEqual([]);
  expect(await readdir(join(objects, 'output', run))).toContain('video.mp4');
}

/** Every guarantee that the ledger itself can be asked for; these functions write no rows of their own. */
const guarantees = (): Promise<readonly string[]> =>
  brokenGuarantees({
    pool: rehearsal.pool,
    objects: join(rehearsal.dataDir, 'objects', 'artifacts'),
    leftovers: true,
    except: ['2 an effect', '3 a row of', '3 a committed delivery without its row', '3 a committed step'],
  });

describe('a video on Knative’s data plane', () => {
  it(
    'is finished once while processes are killed and told to end, and wake-ups are lost, doubled and late',
    async () => {
      const { cluster, fates, pool, start, settled } = rehearsal;
      const mishaps = [
        toWorking('generate-script', 'gets SIGTERM'),
        toWorking('render-tts', 'gets SIGKILL'),
        toWorking('generate-image', 'is deleted'),
        toWorking('render-scene', 'gets SIGKILL'),
        toWorking('mux-video', 'gets SIGTERM'),
        toOldest('scheduler', {
          name: 'a voice is rendered',
          is: ({ services }) => (services.get('render-tts')?.started ?? 0) > 0,
        }),
        toOldest('scheduler', {
          name: 'the video is put together',
          is: ({ jobSinks }) => (jobSinks.get('mux-video')?.created ?? 0) > 0,
        }),
        toBroker(6),
      ];
      const going = begin({ cluster, pool }, mishaps);
      const run = await start({ ...small, script });
      expect(await settled(run)).toBe('completed');
      expect(await going.end()).toEqual(expect.arrayContaining(mishaps.map(({ name }) => name)));
      await expectMadeOnce(run);
      // What was told to end has ended its work, or given it back.
      const { rows } = await pool.query<{ function: string; why: string | null }>(
        `select distinct d.function, a.error ->> 'message' as why
         from ledger.attempt a join ledger.delivery d on d.id = a.delivery
         where a.run = $1 and a.outcome = 'lost' order by 1`,
        [run],
      );
      expect(rows).toEqual([
        // The API server says how its pod ended, where pods can have names.
        { function: 'render-scene', why: hasNames ? 'Its pod ended: Error, exit code 137.' : null },
        { function: 'render-tts', why: null },
      ]);
      expect(Math.min(fates.met.lost, fates.met.doubled, fates.met.late)).toBeGreaterThan(0);
      expect(cluster.broker.counts.panics).toBe(0);
      // An hour of the ledger may just have struck, and what it wakes be under way.
      await expect.poll(guarantees, { timeout: 60_000 }).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'is not begun again by wake-ups that come when all is done',
    async () => {
      const { cluster, fates, pool, start, settled, databaseUrl, dataDir } = rehearsal;
      const { broker, jobSinks } = cluster;
      fates.end();
      const run = await start({ ...small, script });
      expect(await settled(run)).toBe('completed');
      const product = { dataDir, databaseUrl: async () => databaseUrl };
      const before = await factsOf(product, run);
      const attempts =
        'select count(*)::int as count, sum(fence)::int as fences from ledger.delivery where run = $1';
      const { rows: first } = await pool.query(attempts, [run]);
      const { rows } = await pool.query<{ id: string; function: string }>(
        'select id, function from ledger.delivery where run = $1',
        [run],
      );
      const { deadLettered, lost } = broker.counts;
      const jobs = (): Job[] => [...jobSinks.values()].flatMap((sink) => [...sink.jobs]);
      const known = new Set(jobs());
      await Promise.all(rows.map(({ id, function: name }) => post(broker.url, wakeUp(name, `${id}.77`))));
      await until({
        what: 'all are answered',
        limitMs: 60_000,
        look: async () => broker.counts.underway === 0,
      });
      const late = jobs().filter((job) => !known.has(job));
      expect(late.length).toBeGreaterThan(1);
      expect(await Promise.all(late.map(({ ended }) => ended))).toEqual(late.map(() => 0));
      expect([broker.counts.deadLettered, broker.counts.lost]).toEqual([deadLettered, lost]);
      expect((await pool.query(attempts, [run])).rows).toEqual(first);
      expect(await factsOf(product, run)).toEqual(before);
    },
    LIMIT_MS,
  );
});

describe('events that nobody meant', () => {
  it.each<[string, Record<string, string>, string?]>([
    [
      'of another type',
      { 'ce-type': 'pipeline.started', 'ce-id': 'x.1' },
      JSON.stringify({ topic: 'x'.repeat(5_000) }),
    ],
    ['without a delivery', { 'ce-id': 'y'.repeat(200) }],
    [
      'of a delivery that there is not, with data',
      { 'ce-id': '00000000-0000-7000-8000-000000000000.1' },
      '{}',
    ],
  ])('%s are counted as dead letters, and no dispatcher dies of the answer', async (_, headers, body) => {
    const { broker, deployments } = rehearsal.cluster;
    const { deadLettered, panics } = broker.counts;
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const event = {
      headers: { ...wakeUp('place-video', '').headers, ...json, ...headers },
      ...(body && { body }),
    };
    expect(await post(broker.url, event)).toBe(202);
    await until({ what: 'it is answered', limitMs: 90_000, look: async () => broker.counts.underway === 0 });
    expect([broker.counts.deadLettered, broker.counts.panics]).toEqual([deadLettered + 1, panics]);
    expect(deployments.get('scheduler')?.replicas).toHaveLength(2);
  });
});

describe('a stream', () => {
  it(
    'is cut before ingress as if it were whole, which its reader sees by the missing end; streams let it last',
    async () => {
      const { cluster, ask, start } = rehearsal;
      // Nothing happens to the run while it is followed.
      await cluster.broker.kill();
      const run = await start({ ...small, script });
      const path = `/api/pipelines/${run}/events`;
      const [cut, whole] = await Promise.all([ask(path), ask(path, { of: 'streams' })]);
      const lasting = whole.text();
      const text = await cut.text();
      expect(cut.status).toBe(200);
      expect(text).toContain('event: snapshot');
      expect(text).not.toContain('event: end');
      expect(text).toMatch(/request timeout$/);
      expect((await ask(`/api/pipelines/${run}/cancel`, { method: 'POST' })).ok).toBe(true);
      expect(await lasting).toMatch(/event: end\ndata: .*"status":"cancelled".*\n\n$/);
      await cluster.broker.start();
    },
    LIMIT_MS,
  );
});

describe('SIGTERM', () => {
  it(
    'loses no request of callers while every pod of ingress is replaced',
    async () => {
      const { cluster, ask, pool } = rehearsal;
      const ingress = cluster.services.get('ingress');
      if (ingress === undefined) throw new Error('There is no ingress.');
      // What is started here is to be counted, not made.
      await cluster.broker.kill();
      const old = new Set(ingress.pods);
      const answered = new Map<string, string>();
      const failed: string[] = [];
      let isOver = false;
      let asked = 0;
      const caller = async (): Promise<void> => {
        for (asked += 1; !isOver; asked += 1) {
          const key = `request-${asked}`;
          const isRead = asked % 10 !== 0;
          const answer = await (isRead
            ? ask('/api/pipelines?limit=1')
            : ask('/api/pipelines', { method: 'POST', key, body: { ...small, script } })
          ).catch((error: Error) => error);
          if (answer instanceof Error || !answer.ok) failed.push(`${key}: ${answer}`);
          else if (isRead) await answer.arrayBuffer();
          else answered.set(key, ((await answer.json()) as { id: string }).id);
        }
      };
      const callers = Array.from({ length: 4 }, caller);
      await until({ what: 'callers are served', limitMs: 90_000, look: async () => asked > 40 });
      await ingress.roll();
      const between = asked;
      await until({ what: 'callers are served', limitMs: 90_000, look: async () => asked > between + 40 });
      isOver = true;
      await Promise.all(callers);
      expect(failed).toEqual([]);
      expect(ingress.pods.filter((pod) => old.has(pod))).toEqual([]);
      const { rows } = await pool.query<{ id: string }>(
        `select id from ledger.run where flow = 'video' and state = 'running'`,
      );
      expect(rows.map(({ id }) => id).sort()).toEqual([...answered.values()].sort());
      expect(answered.size).toBeGreaterThan(5);
      for (const id of answered.values())
        expect((await ask(`/api/pipelines/${id}/cancel`, { method: 'POST' })).ok).toBe(true);
      await cluster.broker.start();
    },
    LIMIT_MS,
  );
});

const wakeUp = (name: string, id: string): { headers: Record<string, string> } => ({
  headers: { 'ce-type': 'millrace.wake-up', 'ce-source': 'urn:millrace', 'ce-id': id, 'ce-function': name },
});
