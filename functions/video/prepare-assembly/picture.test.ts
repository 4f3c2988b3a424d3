import { readFile } from 'node:fs/promises';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { beforeAll, describe, expect, test } from 'vitest';
import { mutated } from '../../../test/attack/mutations.ts';
import { testSeed } from '../../../test/seed.ts';
import { asPng } from './picture.ts';

const kinds = ['png', 'jpeg', 'webp'] as const;
const pictures = new Map<string, Buffer>();
beforeAll(async () => {
  const canvas = createCanvas(320, 200);
  const context = canvas.getContext('2d');
  context.fillStyle = '#204060';
  context.fillRect(0, 0, 320, 200);
  context.fillStyle = '#e0c020';
  context.fillText('An octopus has three hearts', 20, 100);
  pictures.set('png', await canvas.encode('png'));
  pictures.set('jpeg', await canvas.encode('jpeg'));
  pictures.set('webp', await canvas.encode('webp'));
});

const refused = { kind: 'permanent', code: 'picture-unreadable' };

/** Resident memory at its highest so far, in megabytes. */
async function highWater(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

describe('a hostile picture', () => {
  test.each(kinds)('%s with bytes changed at random is drawn or refused, and costs little', async (kind) => {
    const before = await highWater();
    let drawn = 0;
    const original = pictures.get(kind) ?? Buffer.alloc(0);
    for (const { name, bytes } of mutated(original, { seed: `${testSeed()} ${kind}`, count: 200 })) {
      const made = await asPng(bytes, 'a').catch((error: unknown) => error);
      if (Buffer.isBuffer(made)) drawn += 1;
      else expect(made, name).toMatchObject({ kind: 'permanent' });
    }
    expect(drawn).toBeGreaterThan(0);
    expect((await highWater()) - before).toBeLessThan(900);
  });

  test('JPEG that shows one frame to us and another one to the decoder', async () => {
    // To a decoder TEM (FF 01) has no length; read as a segment it leads over the true header to a false one.
    const forged = Buffer.from([0xff, 0xc0, 0, 17, 8, 0, 10, 0, 10, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    const padding = Buffer.concat([Buffer.from([0xff, 0xe0, 0xff, 0xff]), Buffer.alloc(65_533)]);
    const truth = pictures.get('jpeg')?.subarray(2) ?? Buffer.alloc(0);
    const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0x01]), padding, truth]);
    forged.copy(bytes, 4 + 0xffe0);
    expect(await loadImage(bytes)).toMatchObject({ width: 320, height: 200 });
    await expect(asPng(bytes, 'a')).rejects.toMatchObject(refused);
  });

  test.each<[what: string, bytes: () => Buffer]>([
    [
      'a page that calls out',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    ],
    [
      'a GIF',
      () => Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'.padEnd(80, '='), 'base64'),
    ],
    ['a playlist', () => Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'.padEnd(80))],
    [
      'a PNG whose first chunk is no header',
      () => Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d74455874', 'hex'), Buffer.alloc(60)]),
    ],
    [
      'a JPEG that is all markers',
      () => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(60_000, 0xff)]),
    ],
    [
      'a JPEG whose segments have no length',
      () => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from('ffe00000'.repeat(99), 'hex')]),
    ],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s is refused', async (_what, bytes) => {
    await expect(asPng(bytes(), 'a')).rejects.toMatchObject(refused);
  });

  test.each([
    ['PNG', '89504e470d0a1a0a0000000d49484452ffffffffffffffff0806000000'],
    ['JPEG', 'ffd8ffc0001108ffffffff03011100021100031100'],
  ])('%s of more pixels than may be is refused before it is decoded', async (_kind, hex) => {
    const bytes = Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(60)]);
    const tooLarge = { kind: 'permanent', code: 'picture-too-large' };
    await expect(asPng(bytes, 'a')).rejects.toMatchObject(tooLarge);
  });
});
