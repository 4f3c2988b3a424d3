import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFrontDoor } from '../../functions/ingress/testing/front-door.ts';

/** A file is what its name says, or it does not come in: each kind of name with bytes of every other kind. */
const contents: Record<string, Buffer> = {
  'a program': Buffer.from(`\x7fELF\x02\x01\x01${'\0'.repeat(60)}`, 'latin1'),
  'a script of the shell': Buffer.from('#!/bin/sh\nid\n\u0000'),
  'a page': Buffer.from('<!doctype html><script>alert(1)</script>\u0001'),
  'an archive': Buffer.from(`PK\x03\x04${'\0'.repeat(60)}`, 'latin1'),
  'a PDF': Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'),
  'a playlist': Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n\u0002'),
  'a GIF': Buffer.from(`GIF89a${'\0'.repeat(60)}`, 'latin1'),
  'a PNG but for its first byte': Buffer.from(`\x88PNG\r\n\x1a\n${'\0'.repeat(60)}`, 'latin1'),
  'RIFF that is neither sound nor picture': Buffer.from(`RIFF\x40\0\0\0AVI ${'\0'.repeat(60)}`, 'latin1'),
  nothing: Buffer.alloc(0),
  'one byte': Buffer.from([0xff]),
};
const names = [
  'md',
  'json',
  'png',
  'jpg',
  'jpeg',
  'webp',
  'wav',
  'mp3',
  'm4a',
  'ogg',
  'flac',
  'mp4',
  'mov',
  'webm',
];

const door = await openFrontDoor();
const genuine: Record<string, Buffer> = {};
beforeAll(async () => {
  const canvas = createCanvas(8, 8);
  genuine.png = await canvas.encode('png');
  genuine.jpg = await canvas.encode('jpeg');
  genuine.webp = await canvas.encode('webp');
});
afterAll(() => door.close());

async function upload(name: string, bytes: Buffer): Promise<number> {
  const answer = await fetch(new URL(`/api/videos/upload?name=${encodeURIComponent(name)}`, door.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${await door.token('mallory')}` },
    body: new Uint8Array(bytes),
  });
  await answer.body?.cancel();
  return answer.status;
}

describe.each(names)('a file that is called %s', (extension) => {
  test.each(Object.entries(contents))('and is %s is refused', async (_what, bytes) => {
    expect(await upload(`cover.${extension}`, bytes)).toBe(415);
  });
});

test('pictures are taken under their own names only', async () => {
  for (const [is, bytes] of Object.entries(genuine))
    for (const called of ['png', 'JPG', 'webp', 'Mp4', 'wav', 'MD'])
      expect(await upload(`a.${called}`, bytes), `${is} called ${called}`).toBe(
        is === called.toLowerCase() ? 201 : 415,
      );
});

test.each([
  'a.svg',
  'a.gif',
  'a.html',
  'a.m3u8',
  'a.exe',
  'a.png.sh',
  'a.',
  'png',
  'constructor',
  'a.__proto__',
  'a.md\u0000.png',
])('a name that is none of ours: %j', async (name) => {
  expect([400, 415]).toContain(await upload(name, genuine.png ?? Buffer.alloc(0)));
});

test('nothing of it all was kept', async () => {
  const { runs } = await door.options.ledger.listRuns({ owner: 'mallory', limit: 50 });
  expect(runs).toEqual([]);
});
