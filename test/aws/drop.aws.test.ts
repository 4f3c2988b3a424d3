import { setTimeout as sleep } from 'node:timers/promises';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VIDEO_LIMIT_MS } from '../end-to-end/pipelines.ts';
import { type Product, startProduct } from '../end-to-end/product.ts';
import { type Provisioned, provisionFor } from './provisioned.ts';
import { testServer } from './server.ts';
import { environmentFor } from './servers/aws-server.ts';

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

it(
  'a script that any S3 client puts into the inbox is a finished video in the artifacts bucket; nobody calls us',
  async () => {
    const body = '# Three hearts\n\nAn octopus has three hearts, and its blood is blue.\n';
    await place.s3.send(new PutObjectCommand({ Bucket: place.inbox, Key: 'three-hearts.md', Body: body }));
    const found = async () => {
      const { Contents = [] } = await place.s3.send(
        new ListObjectsV2Command({ Bucket: place.artifacts, Prefix: 'output/' }),
      );
      return Contents.find(({ Key }) => Key?.endsWith('/video.mp4'));
    };
    let video = await found();
    const until = Date.now() + VIDEO_LIMIT_MS - 20_000;
    while (video === undefined && Date.now() < until) {
      await sleep(500);
      video = await found();
    }
    expect(video?.Size ?? product.log()).toBeGreaterThan(10_000);
    expect(await place.deadLetters(place.inbound)).toEqual([]);
  },
  VIDEO_LIMIT_MS,
);
