import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { effectsOnce, factsOf } from '../end-to-end/ledger-facts.ts';
import { readPipeline, settled, startPipeline, VIDEO_LIMIT_MS } from '../end-to-end/pipelines.ts';
import { until } from '../end-to-end/processes.ts';
import { type Product, startProduct } from '../end-to-end/product.ts';
import { type Provisioned, provisionFor } from './provisioned.ts';
import { testServer } from './server.ts';
import { environmentFor } from './servers/aws-server.ts';

const script = `# Three hearts

Three hearts beat inside an octopus. Two of them pump blood through the gills.

The third heart sends it around the body, and stops when the animal swims.`;

let product: Product;
let place: Provisioned;
beforeAll(async () => {
  place = await provisionFor(testServer());
  product = await startProduct({ ...environmentFor(testServer()), ...place.environment });
});
afterAll(async () => {
  await product?.remove();
  place?.close();
});

const begun = (id: string, step: string) =>
  until({
    what: `${step} has begun`,
    limitMs: VIDEO_LIMIT_MS,
    everyMs: 20,
    look: async () => {
      const { steps } = await readPipeline(product, id);
      return steps.some(({ name, status }) => name === step && !['waiting', 'queued'].includes(status));
    },
  });

it(
  'kill -9 of everything on S3 and SQS, while it speaks and while it renders: the video is finished once, nothing half stays',
  async () => {
    const { id } = await startPipeline(product, { script, size: '320x180', seconds: 6 });
    await begun(id, 'render-tts');
    await product.killAll('group');
    await product.startAgain();
    await begun(id, 'render-scene');
    await product.killAll('group and database');
    await product.startAgain();
    const pipeline = await settled(product, id, VIDEO_LIMIT_MS * 2);
    expect(pipeline.failure).toBeUndefined();
    const scenes = pipeline.steps.filter(({ name }) => name === 'render-scene').length;
    // Those of the disk are empty here: the objects are on S3.
    const { lost, objectFaults: _faults, products: _files, ...facts } = await factsOf(product, id);
    const { objectFaults: _none, products, ...effects } = effectsOnce(scenes);
    expect(facts).toEqual(effects);
    // Else nothing was in work when it died, and this showed nothing.
    expect(lost).toBeGreaterThan(0);
    const { Contents = [] } = await place.s3.send(
      new ListObjectsV2Command({ Bucket: place.artifacts, Prefix: `output/${id}/` }),
    );
    expect(Contents.map(({ Key }) => Key?.split('/').at(-1)).sort()).toEqual(products);
    const { Uploads = [] } = await place.s3.send(
      new ListMultipartUploadsCommand({ Bucket: place.artifacts }),
    );
    expect(Uploads).toEqual([]);
    for (const lane of ['light', 'cpu', 'ffmpeg']) {
      expect(await place.deadLetters(`${place.prefix}-wake-${lane}`)).toEqual([]);
    }
  },
  VIDEO_LIMIT_MS * 3,
);
