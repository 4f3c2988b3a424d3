import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventCatalogue, type VideoSettings } from '#shared/events';
import type { Dependencies, FunctionInput } from '#shared/function';
import { createIllustrator } from '#shared/images';
import definition from './function.ts';

const pictures = createIllustrator();

async function run(settings: VideoSettings, index: number, signal = new AbortController().signal) {
  const stored: { name: string; bytes: Uint8Array }[] = [];
  const example = eventCatalogue['scene.scripted'].example;
  const data = { ...example, settings, index };
  const event = { id: 'e', type: 'scene.scripted' as const, key: example.scene.key, data };
  const input: FunctionInput<'scene.scripted'> = {
    run: { id: 'r', owner: 'alice', title: 'Why octopuses have three hearts' },
    delivery: { id: 'd', attempt: 1, key: example.scene.key },
    one: (type) => ({ ...event, type }) as never,
    all: () => [event] as never,
  };
  const deps = {
    signal,
    pictures,
    progress: () => undefined,
    put: async (name: string, source: { bytes: Uint8Array }) => {
      stored.push({ name, bytes: source.bytes });
      const sha256 = createHash('sha256').update(source.bytes).digest('hex');
      return { name, key: `runs/r/d/1-x/${name}`, type: 'image/png', bytes: source.bytes.length, sha256 };
    },
  } as unknown as Dependencies<'pictures'>;
  return { outcome: await definition.handle(input, deps), stored };
}

const settings = eventCatalogue['scene.scripted'].example.settings;

describe('generate-image', () => {
  it('stores a picture larger than the frame and publishes it with its description', async () => {
    const { outcome, stored } = await run({ ...settings, width: 320, height: 180 }, 0);
    const put = outcome.puts?.[0];
    const event = eventCatalogue['scene.illustrated'].data.parse({ ...put?.data, artifact: put?.artifact });
    expect(event.description).toContain('octopus');
    expect(event.credits).toEqual(['Fluent Emoji by Microsoft (MIT licence)']);
    expect(stored.map(({ name }) => name)).toEqual(['illustration.png']);
    const header = Buffer.from(stored[0]?.bytes ?? []);
    // Width and height in the IHDR chunk (PNG, section 11.2.2).
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([368, 208]);
  });

  it('draws the same scene alike again and its neighbour otherwise', async () => {
    const small = { ...settings, width: 320, height: 180 };
    const [first, again, next] = [await run(small, 0), await run(small, 0), await run(small, 1)];
    const sums = [first, again, next].map(({ outcome }) => outcome.puts?.[0]?.artifact.sha256);
    expect(sums[0]).toBe(sums[1]);
    expect(sums[0]).not.toBe(sums[2]);
  });

  it('stores nothing once it is cancelled', async () => {
    await expect(run(settings, 0, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
