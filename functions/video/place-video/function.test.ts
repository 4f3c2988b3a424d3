import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArtifactRef, eventCatalogue } from '#shared/events';
import { createTestBench, publishedOf, type TestBench } from '../../../test/function-harness.ts';
import definition from './function.ts';

let bench: TestBench;
beforeEach(async () => {
  bench = await createTestBench();
});
afterEach(() => bench.remove());

const { settings } = eventCatalogue['pipeline.metadata.built'].example;
const names = ['video.mp4', 'thumbnail.jpg', 'captions.srt', 'captions.vtt', 'metadata.json'];

async function made(): Promise<ArtifactRef[]> {
  const products: ArtifactRef[] = [];
  for (const name of names) products.push(await bench.artifact(name, `bytes of ${name}`));
  return products;
}

function place(
  products: ArtifactRef[],
  extra: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
) {
  const { artifact } = eventCatalogue['pipeline.metadata.built'].example;
  const events = [{ type: 'pipeline.metadata.built' as const, data: { settings, artifact, products } }];
  return bench.run({ definition, ports: {}, events, ...extra });
}

describe('place-video', () => {
  it('places every product under a plain path, byte for byte', async () => {
    const progress: number[] = [];
    const { published } = await place(await made(), { onProgress: (done) => progress.push(done) });
    const { products } = publishedOf(published, 'pipeline.video.placed');
    expect(products).toEqual(
      names.map((name) => ({ name, key: `output/a-run/${name}`, bytes: `bytes of ${name}`.length })),
    );
    for (const { key, name } of products)
      expect(await text(await bench.store.get(key))).toBe(`bytes of ${name}`);
    expect(progress.at(-1)).toBe(1);
  });

  it('may be done again: the same files, the same answer', async () => {
    const products = await made();
    const first = await place(products);
    const second = await place(products);
    expect(second.published).toEqual(first.published);
    expect(await text(await bench.store.get('output/a-run/video.mp4'))).toBe('bytes of video.mp4');
  });

  it('fails where an artifact is gone', async () => {
    const products = await made();
    await bench.store.remove(products[2]?.key ?? '');
    await expect(place(products)).rejects.toMatchObject({
      code: expect.stringMatching(/^[a-z]+(-[a-z]+)+$/),
    });
  });

  it.each(['../video.mp4', '/etc/passwd', 'a\u0000b', '..'])('places nothing under %j', async (name) => {
    const [product] = await made();
    if (product === undefined) throw new Error('there is a product');
    await expect(place([{ ...product, name }])).rejects.toMatchObject({ code: 'artifact-name-invalid' });
    expect(await bench.store.head('output/etc/passwd')).toBeUndefined();
  });

  it('stops between two files when cancelled', async () => {
    const reason = new Error('cancelled by its owner');
    const controller = new AbortController();
    const run = place(await made(), {
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
    expect(await bench.store.head('output/a-run/thumbnail.jpg')).toBeUndefined();
  });
});
