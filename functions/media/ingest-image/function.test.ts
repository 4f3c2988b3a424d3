import { randomUUID } from 'node:crypto';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPictureFiles } from '#shared/pictures';
import { mutated } from '../../../test/attack/mutations.ts';
import { createTestBench, type TestBench } from '../../../test/function-harness.ts';
import { testSeed } from '../../../test/seed.ts';
import definition from './function.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.remove());

async function ingest(bytes: Buffer, signal?: AbortSignal): Promise<string[]> {
  const id = { user: randomUUID(), picture: randomUUID() };
  const prefix = `pictures/${id.user}/${id.picture}/`;
  await bench.store.put(`${prefix}original`, bytes);
  await bench.run({
    definition,
    events: [{ type: 'picture.received', data: id }],
    ports: { pictureFiles: createPictureFiles({ store: bench.store }) },
    ...(signal === undefined ? {} : { signal }),
  });
  const { objects } = await bench.store.list(prefix);
  return objects.map(({ key }) => key.slice(prefix.length)).filter((name) => name !== 'original');
}

test.each(['png', 'jpeg', 'webp'] as const)(
  'a %s with bytes changed at random is made or refused, and is no error of ours',
  async (kind) => {
    const canvas = createCanvas(400, 300);
    const context = canvas.getContext('2d');
    context.fillStyle = '#204060';
    context.fillRect(0, 0, 400, 300);
    const original = kind === 'png' ? await canvas.encode('png') : await canvas.encode(kind);
    expect(await ingest(original)).toEqual(['medium.webp', 'small.webp']);
    for (const { name, bytes } of mutated(original, { seed: `${testSeed()} ${kind}`, count: 30 })) {
      const made = await ingest(bytes);
      expect([0, 1, 2, 3], name).toContain(made.length);
    }
  },
);

test('whose bytes are not there is refused, and one that is cancelled is not', async () => {
  const event = { type: 'picture.received', data: { user: randomUUID(), picture: randomUUID() } } as const;
  const ports = { pictureFiles: createPictureFiles({ store: bench.store }) };
  await expect(bench.run({ definition, events: [event], ports })).resolves.toMatchObject({ published: [] });
  await expect(ingest(Buffer.from('x'.repeat(40)), AbortSignal.abort())).rejects.toThrow();
});
