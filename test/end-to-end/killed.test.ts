import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOfVideo } from './inspect-video.ts';
import { effectsOnce, factsOf } from './ledger-facts.ts';
import {
  type Pipeline,
  productFile,
  readPipeline,
  settled,
  startPipeline,
  VIDEO_LIMIT_MS,
} from './pipelines.ts';
import { isFfmpeg, isLane, isPostgres, kill, type RunningProcess, until } from './processes.ts';
import { filesUnder, type Product, startProduct } from './product.ts';
import { watchProducts } from './watch-products.ts';

/** Large enough for FFmpeg to be caught at work, small enough to be quick. */
const size = { width: 640, height: 360 };
const SCRIPT = `# Three hearts

Three hearts beat inside an octopus. Two of them pump blood through the gills.

The third heart sends it around the body, and stops when the animal swims.`;
const body = { script: SCRIPT, size: `${size.width}x${size.height}`, seconds: 12 };

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);
afterAll(() => product?.remove());

const begun = async (id: string, step: string): Promise<Pipeline | false> => {
  const pipeline = await readPipeline(product, id);
  const found = pipeline.steps.filter(({ name }) => name === step);
  return found.some(({ status }) => status !== 'waiting' && status !== 'queued') && pipeline;
};
const done = async (id: string, step: string): Promise<Pipeline | false> => {
  const pipeline = await readPipeline(product, id);
  return pipeline.steps.some(({ name, status }) => name === step && status === 'completed') && pipeline;
};
const waitUntil = <Found>(what: string, look: () => Promise<Found | undefined | false>) =>
  until({ what, limitMs: VIDEO_LIMIT_MS, everyMs: 10, look });
const find = (is: (process: RunningProcess) => boolean) => async () => (await product.processes()).find(is);

/** One finished video, every effect once, and nothing left of what died. */
async function expectMadeOnce(id: string): Promise<{ lost: number }> {
  const pipeline = await settled(product, id);
  expect(pipeline.failure).toBeUndefined();
  expect(pipeline.status).toBe('completed');
  expect(
    await faultsOfVideo({ path: productFile(product, { id }, 'video.mp4'), ...size, seconds: 12 }),
  ).toEqual([]);
  const scenes = pipeline.steps.filter(({ name }) => name === 'render-scene').length;
  expect(scenes).toBeGreaterThan(1);
  const { lost, ...facts } = await factsOf(product, id);
  expect(facts).toEqual(effectsOnce(scenes));
  expect(await filesUnder(join(product.dataDir, 'objects', 'artifacts', '.incoming'))).toEqual([]);
  expect(await filesUnder(join(product.dataDir, 'work'))).toEqual([]);
  return { lost };
}

describe('kill -9', () => {
  it(
    'of everything, while it speaks, while it renders, and just after: the video is finished once',
    async () => {
      const { id } = await startPipeline(product, body);
      const watch = watchProducts(product);

      await waitUntil('it speaks', () => begun(id, 'render-tts'));
      await product.killAll('group');
      await product.startAgain();

      await waitUntil('FFmpeg renders', async () => (await begun(id, 'render-scene')) && find(isFfmpeg)());
      await product.killAll('group and database');
      await until({
        what: 'the end of all processes',
        limitMs: 10_000,
        look: async () => (await product.processes()).length === 0,
      });
      await product.startAgain();

      await waitUntil('it is muxed', () => done(id, 'mux-video'));
      await product.killAll('platform');
      await product.startAgain();
      await until({
        what: 'the end of the lanes whose platform died',
        limitMs: 30_000,
        look: async () => (await product.orphans()).length === 0,
      });

      const { lost } = await expectMadeOnce(id);
      // Else nothing was in work when it died, and this showed nothing.
      expect(lost).toBeGreaterThanOrEqual(2);
      const { faults, looks, seen } = await watch.end();
      expect(faults).toEqual([]);
      expect(looks).toBeGreaterThan(50);
      expect(seen).toContain(`output/${id}/video.mp4`);
    },
    VIDEO_LIMIT_MS * 2,
  );

  it(
    'of the lane while its FFmpeg runs: the FFmpeg goes too, the video is finished once',
    async () => {
      const { id } = await startPipeline(product, body);
      const ffmpeg = await waitUntil(
        'FFmpeg renders',
        async () => (await begun(id, 'render-scene')) && find(isFfmpeg)(),
      );
      const lane = (await product.processes()).find(({ pid }) => pid === ffmpeg.parent);
      expect(lane).toSatisfy(isLane);
      kill(ffmpeg.parent);
      await until({
        what: 'the end of its FFmpeg',
        limitMs: 10_000,
        look: async () => !(await isThere(ffmpeg.pid)),
      });
      const { lost } = await expectMadeOnce(id);
      expect(lost).toBeGreaterThanOrEqual(1);
    },
    VIDEO_LIMIT_MS,
  );

  it(
    'of Postgres alone: it is started again, said in the log, and the video is finished once',
    async () => {
      const { id } = await startPipeline(product, body);
      await waitUntil('it speaks', () => begun(id, 'render-tts'));
      const server = await waitUntil('Postgres runs', find(isPostgres));
      kill(server.pid);
      await until({
        what: 'another Postgres',
        limitMs: 30_000,
        look: async () =>
          (await product.processes()).some((each) => isPostgres(each) && each.pid !== server.pid),
      });
      expect(product.log()).toContain('the database ended; it is started again');
      await until({
        what: 'ready again',
        limitMs: 30_000,
        look: async () => (await fetch(`${product.url}/ready`)).ok,
      });
      await expectMadeOnce(id);
    },
    VIDEO_LIMIT_MS,
  );

  it('leaves no process and no lock behind once it is stopped', async () => {
    const { code, left } = await product.stop();
    expect(code).toBe(0);
    expect(left).toEqual([]);
    expect(product.log()).not.toContain('did not drain in time');
    const names = await readdir(product.dataDir);
    expect(names.filter((name) => name.includes('lock'))).toEqual([]);
    expect(await readdir(join(product.dataDir, 'work')).catch(() => [])).toEqual([]);
  }, 60_000);
});

async function isThere(pid: number): Promise<boolean> {
  return (await product.processes()).some((each) => each.pid === pid);
}
