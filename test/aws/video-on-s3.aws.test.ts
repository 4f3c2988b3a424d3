import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { faultsOfVideo } from '../end-to-end/inspect-video.ts';
import { artifactOf, settled, small, startPipeline, VIDEO_LIMIT_MS } from '../end-to-end/pipelines.ts';
import { type Product, startProduct } from '../end-to-end/product.ts';
import { createTestBucket, type TestBucket } from './bucket.ts';
import { testServer } from './server.ts';
import { environmentFor } from './servers/aws-server.ts';

let product: Product;
let artifacts: TestBucket;
let inbox: TestBucket;
let folder: string;

beforeAll(async () => {
  const server = testServer();
  [artifacts, inbox] = [await createTestBucket(server), await createTestBucket(server)];
  folder = await mkdtemp(join(tmpdir(), 'millrace-on-s3-'));
  product = await startProduct({
    ...environmentFor(server),
    OBJECTS: 's3',
    ARTIFACTS_BUCKET: artifacts.name,
    INBOX_BUCKET: inbox.name,
  });
});
afterAll(async () => {
  await product?.remove();
  await artifacts?.drop();
  await inbox?.drop();
  await rm(folder, { recursive: true, force: true });
});

it(
  'makes a narrated video with all objects on S3, which its signed link plays, and keeps none on the disk',
  async () => {
    const { id } = await startPipeline(product, { topic: 'Why octopuses have three hearts', ...small });
    const pipeline = await settled(product, id);
    expect(pipeline.failure).toBeUndefined();
    expect(pipeline.status).toBe('completed');
    const video = artifactOf(pipeline, 'video.mp4');
    const { Contents = [] } = await artifacts.client.send(
      new ListObjectsV2Command({ Bucket: artifacts.name, Prefix: `output/${id}/` }),
    );
    expect(Contents.find(({ Key }) => Key === `output/${id}/video.mp4`)?.Size).toBe(video.bytes);

    const { signedHref: url } = video;
    const whole = await fetch(new URL(url, product.url));
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    const path = join(folder, 'video.mp4');
    await writeFile(path, Buffer.from(await whole.arrayBuffer()));
    expect(await faultsOfVideo({ path, width: 320, height: 180, seconds: 6 })).toEqual([]);
    const part = await fetch(new URL(url, product.url), { headers: { range: 'bytes=4-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    expect(await artifacts.openUploads()).toEqual([]);
  },
  VIDEO_LIMIT_MS,
);
