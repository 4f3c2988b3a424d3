import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '#shared/database';
import { findFfmpeg } from '#shared/media';
import { faultsOfVideo } from './inspect-video.ts';
import { effectsOnce, factsOf } from './ledger-facts.ts';
import {
  download,
  type Pipeline,
  productFile,
  settled,
  small,
  startPipeline,
  VIDEO_LIMIT_MS,
} from './pipelines.ts';
import { type Product, startProduct } from './product.ts';

let product: Product;
let scratch: string;
let flag: string;

/** A real FFmpeg that, while a file lies beside it, cannot join scenes: a step that fails for good. */
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'millrace broken ffmpeg '));
  flag = join(scratch, 'broken');
  const program = join(scratch, 'ffmpeg');
  const { path } = await findFfmpeg();
  const script = `#!/bin/sh
if [ -e "${flag}" ]; then
  case " $* " in *" concat "*) echo 'scene: Invalid data found when processing input' >&2; exit 1 ;; esac
fi
exec "${path}" "$@"
`;
  await writeFile(program, script);
  await chmod(program, 0o755);
  product = await startProduct({ FFMPEG_BIN: program });
}, 120_000);
afterAll(async () => {
  await product?.remove();
  await rm(scratch, { recursive: true, force: true });
});

const isAfterwards = ({ name }: { name: string }) =>
  ['mux-video', 'build-metadata', 'place-video'].includes(name);

it(
  'a step that fails for good is named with its reason; all that was made is kept; retry goes on from there alone',
  async () => {
    await writeFile(flag, '');
    const script =
      '# Blue blood\n\nThe blood of an octopus is blue. It carries oxygen with copper.\n\nThree hearts move it.';
    const { id } = await startPipeline(product, { script, ...small });
    const failed = await settled(product, id);
    expect(failed.status).toBe('failed');
    expect(failed.failure?.dead).toEqual([
      { step: 'mux-video', code: 'media-unreadable', message: expect.stringContaining('Invalid data found') },
    ]);
    expect(failed.steps.find(({ name }) => name === 'mux-video')).toMatchObject({
      status: 'failed',
      error: { code: 'media-unreadable' },
    });
    expect(await failureEvent(id)).toMatchObject({
      dead: [{ function: 'mux-video', message: expect.stringContaining('Invalid data found') }],
    });

    const kept = ['narration.wav', 'captions.srt', 'thumbnail.jpg', 'scene.mp4', 'illustration.png'];
    expect(failed.artifacts.map(({ name }) => name)).toEqual(expect.arrayContaining(kept));
    expect((await download(product, failed, 'narration.wav')).length).toBeGreaterThan(1_000);
    expect(failed.links.retry).toEqual([`/orchestrator/retry/${id}/mux-video`]);

    const retry = (step: string, as = 'alice') =>
      product.ask(`/orchestrator/retry/${id}/${step}`, { method: 'POST', as });
    expect((await retry('render-tts')).status).toBe(409);
    expect((await retry('make-coffee')).status).toBe(404);
    expect((await retry('mux-video', 'bob')).status).toBe(404);

    await rm(flag);
    expect((await retry('mux-video')).status).toBe(202);
    const completed = await settled(product, id);
    expect(completed.status).toBe('completed');
    expect(completed.failure).toBeUndefined();
    const path = productFile(product, { id }, 'video.mp4');
    expect(await faultsOfVideo({ path, width: 320, height: 180, seconds: 6 })).toEqual([]);

    expect(completed.steps.filter((step) => !isAfterwards(step))).toEqual(
      failed.steps.filter((step) => !isAfterwards(step)),
    );
    const before = madeBy(failed);
    expect(madeBy(completed).filter((made) => before.includes(made))).toEqual(before);
    const { deliveries, objectFaults } = await factsOf(product, id);
    const scenes = completed.steps.filter(({ name }) => name === 'render-scene').length;
    expect({ deliveries, objectFaults }).toEqual({
      deliveries: effectsOnce(scenes).deliveries,
      objectFaults: [],
    });
  },
  VIDEO_LIMIT_MS,
);

const madeBy = ({ artifacts }: Pipeline) => artifacts.map(({ href, sha256 }) => `${href} ${sha256}`);

/** The data of the run's `pipeline.failed`. */
async function failureEvent(run: string): Promise<unknown> {
  const pool = connect({ url: await product.databaseUrl(), max: 1, applicationName: 'end-to-end test' });
  try {
    const { rows } = await pool.query<{ data: unknown }>(
      `select data from ledger.event where run = $1 and type = 'pipeline.failed'`,
      [run],
    );
    expect(rows).toHaveLength(1);
    return rows[0]?.data;
  } finally {
    await pool.end();
  }
}
