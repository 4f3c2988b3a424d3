import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { createIllustrator } from './create-illustrator.ts';
import type { PictureRequest } from './port.ts';

const illustrator = createIllustrator();
const base: PictureRequest = {
  subject: 'octopus',
  words: ['ocean', 'heart'],
  width: 320,
  height: 180,
  seed: 'a run',
  position: { index: 0, total: 12 },
  signal: new AbortController().signal,
};

async function pixels(bytes: Uint8Array, width: number, height: number): Promise<Uint8ClampedArray> {
  const ctx = createCanvas(width, height).getContext('2d');
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(await loadImage(Buffer.from(bytes)), 0, 0, width, height);
  return ctx.getImageData(0, 0, width, height).data;
}

/** Difference hash (Neal Krawetz, 2013) of each colour: is a place brighter than its right neighbour? 3 × 256 bits. */
async function differenceHash(bytes: Uint8Array): Promise<readonly boolean[]> {
  const data = await pixels(bytes, 17, 16);
  return Array.from({ length: 3 * 256 }, (_, bit) => {
    const [channel, place] = [bit % 3, Math.floor(bit / 3)];
    const at = (Math.floor(place / 16) * 17 + (place % 16)) * 4 + channel;
    return (data[at] ?? 0) > (data[at + 4] ?? 0);
  });
}

function distance(a: readonly boolean[], b: readonly boolean[]): number {
  return a.filter((bit, at) => bit !== b[at]).length;
}

describe('illustrate', () => {
  it('gives the same bytes for the same request, and others for another seed or position', async () => {
    const [first, again, other, next] = await Promise.all([
      illustrator.illustrate(base),
      createIllustrator().illustrate(base),
      illustrator.illustrate({ ...base, seed: 'another run' }),
      illustrator.illustrate({ ...base, position: { index: 1, total: 12 } }),
    ]);
    expect(Buffer.from(first.bytes).equals(again.bytes)).toBe(true);
    expect(Buffer.from(first.bytes).equals(other.bytes)).toBe(false);
    expect(Buffer.from(first.bytes).equals(next.bytes)).toBe(false);
  });

  it.each([
    [320, 180],
    [368, 208],
    [1242, 2208],
    [540, 540],
    [4416, 2484],
  ])('draws exactly %i × %i', async (width, height) => {
    const { bytes, type } = await illustrator.illustrate({ ...base, width, height });
    const image = await loadImage(Buffer.from(bytes));
    expect([type, image.width, image.height]).toEqual(['image/png', width, height]);
  });

  it.each([
    ['octopus', ['ocean']],
    ['zxqv', []],
    ['the history of coffee', ['bean', 'trade']],
  ])('draws no two pictures of a video alike: %s', async (subject, words) => {
    const hashes: (readonly boolean[])[] = [];
    for (let index = 0; index < 12; index += 1) {
      const position = { index, total: 12 };
      hashes.push(
        await differenceHash((await illustrator.illustrate({ ...base, subject, words, position })).bytes),
      );
    }
    for (const [at, hash] of hashes.entries()) {
      for (const other of hashes.slice(0, at)) {
        expect(distance(hash, other)).toBeGreaterThan(40);
      }
    }
  });

  it('keeps the caption zone calm', async () => {
    for (let index = 0; index < 10; index += 1) {
      const picture = await illustrator.illustrate({ ...base, position: { index, total: 10 } });
      const data = await pixels(picture.bytes, 160, 90);
      let jumps = 0;
      for (let y = 74; y < 90; y += 1) {
        for (let x = 0; x < 159; x += 1) {
          const at = (y * 160 + x) * 4;
          jumps += Math.abs((data[at] ?? 0) - (data[at + 4] ?? 0)) > 40 ? 1 : 0;
        }
      }
      expect(jumps).toBeLessThan(30);
    }
  });

  it('says what it shows and credits the emoji set only where it is shown', async () => {
    const shown = await illustrator.illustrate(base);
    expect(shown.description).toContain('octopus');
    expect(shown.credits).toEqual(['Fluent Emoji by Microsoft (MIT licence)']);
    const plain = await illustrator.illustrate({ ...base, subject: 'zxqv', words: [] });
    expect(plain.description).toContain('Plain solids');
    expect(plain.credits).toEqual([]);
  });

  it.each([
    '',
    '../../etc/passwd',
    '\u0000\u202e\ufeff',
    '🔥'.repeat(500),
    '; rm -rf /',
    'toString __proto__',
  ])('draws something for hostile words: %j', async (subject) => {
    const picture = await illustrator.illustrate({ ...base, subject, words: [subject, subject] });
    expect(picture.bytes.length).toBeGreaterThan(2_000);
  });

  it.each([
    [0, 180],
    [320.5, 180],
    [320, 100_000],
    [Number.NaN, 10],
  ])('refuses a size of %d × %d', async (width, height) => {
    await expect(illustrator.illustrate({ ...base, width, height })).rejects.toMatchObject({
      kind: 'permanent',
      code: 'picture-size',
    });
  });

  it('stops when it is cancelled, before and during its work', async () => {
    const before = illustrator.illustrate({ ...base, signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ kind: 'cancelled', code: 'picture-cancelled' });
    const controller = new AbortController();
    const during = illustrator.illustrate({ ...base, width: 4416, height: 2484, signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    await expect(during).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('thumbnail', () => {
  it.each([
    [1280, 720],
    [720, 1280],
    [1080, 1080],
  ])('makes a JPEG of %i × %i that YouTube takes', async (width, height) => {
    const picture = await illustrator.thumbnail({
      ...base,
      width,
      height,
      title: 'Why octopuses have three hearts',
    });
    const image = await loadImage(Buffer.from(picture.bytes));
    expect([picture.type, image.width, image.height]).toEqual(['image/jpeg', width, height]);
    expect(picture.bytes.length).toBeLessThan(2_000_000);
    expect(picture.credits).toHaveLength(2);
  });

  it.each([
    ['Why trees talk', ['Inter']],
    ['为什么树木会说话', ['Noto Sans']],
    ['Why 树木 talk', ['Inter', 'Noto Sans']],
    ['ᎣᏏᏲ', []],
  ])('credits the typefaces that set the title %j, and no others', async (title, credited) => {
    const picture = await illustrator.thumbnail({ ...base, width: 1280, height: 720, title });
    const credits = picture.credits.join();
    expect(['Inter', 'Noto Sans'].filter((name) => credits.includes(name))).toEqual(credited);
  });

  it('shows its title: other words, other pixels where they stand', async () => {
    const [one, two] = await Promise.all(
      ['Octopus', 'Hearts of the sea'].map((title) =>
        illustrator.thumbnail({ ...base, width: 1280, height: 720, title }),
      ),
    );
    const [a, b] = await Promise.all(
      [one, two].map((picture) => pixels(picture?.bytes ?? new Uint8Array(), 160, 90)),
    );
    let [left, right] = [0, 0];
    for (let at = 0; at < 160 * 90; at += 1) {
      const differs = Math.abs((a?.[at * 4] ?? 0) - (b?.[at * 4] ?? 0)) > 60;
      left += differs && at % 160 < 96 ? 1 : 0;
      right += differs && at % 160 >= 104 ? 1 : 0;
    }
    expect(left).toBeGreaterThan(200);
    expect(right).toBe(0);
  });
});
