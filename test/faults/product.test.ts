import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectsOnce, factsOf } from '../end-to-end/ledger-facts.ts';
import { settled, small, startPipeline, VIDEO_LIMIT_MS } from '../end-to-end/pipelines.ts';
import { isLane, until } from '../end-to-end/processes.ts';
import { type Product, startProduct } from '../end-to-end/product.ts';
import { startMillrace } from '../hygiene/run-millrace.ts';
import { createFaultPlan, type FaultPlan } from './platform/fault-plan.ts';
import { elsewhere } from './points-elsewhere.ts';

const script =
  '# Three hearts\n\nThree hearts beat inside an octopus. Two of them pump blood through the gills.';
const body = { ...small, script };

let product: Product;
let faults: FaultPlan;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-faults-'));
  faults = createFaultPlan(folder, VIDEO_LIMIT_MS);
  product = await startProduct({ MILLRACE_FAULTS: folder });
}, 120_000);
afterAll(async () => {
  await product?.remove();
  await rm(folder, { recursive: true, force: true });
});

describe('kill -9', () => {
  it.each(elsewhere)(
    'of the lane that is at %s: the video is finished once',
    async (point) => {
      faults.clear();
      faults.ask(point, 'kill');
      const { id } = await startPipeline(product, body);
      await faults.taken(point, 'kill');
      const pipeline = await settled(product, id);
      expect(pipeline.status).toBe('completed');
      const scenes = pipeline.steps.filter(({ name }) => name === 'render-scene').length;
      const { lost, ...facts } = await factsOf(product, id);
      expect(facts).toEqual(effectsOnce(scenes));
      expect(lost).toBeGreaterThanOrEqual(1);
    },
    VIDEO_LIMIT_MS * 2,
  );
});

describe('kill -9 of the platform alone', () => {
  it('ends its lanes although they have no work and nobody starts it again', async () => {
    expect((await product.processes()).some(isLane)).toBe(true);
    await product.killAll('platform');
    await until({
      what: 'the end of the lanes',
      limitMs: 30_000,
      look: async () => !(await product.processes()).some(isLane),
    });
    await product.startAgain();
  }, 120_000);
});

describe('SIGTERM', () => {
  it('with 20 requests in flight: what was answered stands, what was not is asked again and made once', async () => {
    const environment = { DATA_DIR: product.dataDir };
    const token = (
      await startMillrace({ words: ['token', '--owner', 'carol'], environment }).ended
    ).out.trim();
    const ask = (at: number): Promise<{ id: string } | undefined> =>
      fetch(new URL('/api/pipelines', product.url), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': `in-flight-${at}`,
        },
        body: JSON.stringify(body),
      }).then(
        async (answer) => (answer.ok ? ((await answer.json()) as { id: string }) : undefined),
        () => undefined,
      );
    const asked = Promise.all(Array.from({ length: 20 }, (_, at) => ask(at)));
    await sleep(20);
    const platform = (await product.processes()).find(({ command }) => /millrace\.mjs start/.test(command));
    process.kill(platform?.pid ?? Number.NaN, 'SIGTERM');
    const answers = await asked;
    await until({
      what: 'the platform ends',
      limitMs: 30_000,
      look: async () => (await product.processes()).length === 0,
    });
    await product.startAgain();
    const again = await Promise.all(Array.from({ length: 20 }, (_, at) => ask(at)));
    expect(again.every((answer) => answer !== undefined)).toBe(true);
    for (const [at, answer] of answers.entries())
      if (answer !== undefined) expect(again[at]?.id).toBe(answer.id);
    const list = (await (await product.ask('/api/pipelines?limit=100', { as: 'carol' })).json()) as Record<
      string,
      unknown
    >;
    const listed = Object.values(list).find(Array.isArray) as { id: string }[];
    expect(listed.map(({ id }) => id).sort()).toEqual(again.map((answer) => answer?.id).sort());
  }, 120_000);
});
