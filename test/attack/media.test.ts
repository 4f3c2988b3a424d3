import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMedia, findFfmpeg, type Media } from '#shared/media';
import { processesOf } from '../end-to-end/processes.ts';
import { testSeed } from '../seed.ts';
import { mutated } from './mutations.ts';

/** What a hostile file can do to who decodes it: read other files, call out, take memory or time, leave things. */
const run = promisify(execFile);
const signal = new AbortController().signal;
const unreadable = { kind: 'permanent', code: 'media-unreadable' };
const names = ['a.wav', 'a.mp3', 'a.m4a', 'a.ogg', 'a.flac', 'a.webm', 'a.mp4'];

let ffmpeg: string;
let media: Media;
let folder: string;
let work: string;
let server: Server;
let asked: string[] = [];
beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  media = createMedia({ ffmpeg });
  folder = await mkdtemp(join(tmpdir(), 'millrace hostile media '));
  work = join(folder, 'work');
  await mkdir(join(folder, 'elsewhere'));
  await mkdir(work);
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1'];
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:duration=1', '-c:v', 'libx264'];
  for (const name of names)
    await run(ffmpeg, [
      '-v',
      'error',
      '-y',
      ...sound,
      ...(name === 'a.mp4' ? picture : []),
      join(folder, name),
    ]);
  for (const place of ['elsewhere', 'work']) {
    const secret = join(folder, place, 'secret.wav');
    await run(ffmpeg, ['-v', 'error', '-y', ...sound, secret]);
  }
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end('no');
  });
  server.on('connection', () => asked.push('a connection'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}, 120_000);
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const decode = (input: string) => media.decodeSound({ input, output: join(folder, 'out.wav'), signal });

/** Texts that FFmpeg would take for media, each with a place for the address that it leads to. */
const lists: Readonly<Record<string, (to: string) => string>> = {
  'an HLS playlist': (to) => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${to}\n#EXT-X-ENDLIST\n`,
  'an HLS playlist behind an ID3 tag': (to) =>
    `ID3\x03\x00\x00\x00\x00\x00\x0aXXXXXXXXXX#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${to}\n#EXT-X-ENDLIST\n`,
  'an HLS playlist with a key and a map': (to) =>
    `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-KEY:METHOD=AES-128,URI="${to}"\n#EXT-X-MAP:URI="${to}"\n#EXTINF:2,\n${to}\n#EXT-X-ENDLIST\n`,
  'a concat script': (to) => `ffconcat version 1.0\nfile '${to}'\n`,
  'a DASH manifest': (to) =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="a" bandwidth="1"><BaseURL>${to}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  'a session description': (to) =>
    `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=${to}\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n`,
};

describe.each(Object.entries(lists))('%s', (_what, list) => {
  test('leads to no other file and no other machine, whatever it is called', async () => {
    const web = `http://127.0.0.1:${(server.address() as AddressInfo).port}/part.mp4`;
    const secret = join(folder, 'elsewhere', 'secret.wav');
    asked = [];
    const places = [
      web,
      web.replace('http:', 'tcp:'),
      secret,
      `file:${secret}`,
      'secret.wav',
      `concat:${secret}`,
    ];
    for (const name of ['list.mp3', 'list.m3u8'])
      await Promise.all(
        places.map(async (to, index) => {
          const input = join(work, `${index}-${name}`);
          await writeFile(input, list(to), 'latin1');
          const output = join(folder, `${index}.wav`);
          await expect(media.decodeSound({ input, output, signal }), to).rejects.toMatchObject(unreadable);
        }),
      );
    expect(asked).toEqual([]);
  });
});

test('the same playlist leads FFmpeg there when it is let: the test would see it', async () => {
  const path = join(work, 'control.txt');
  await writeFile(path, lists['a concat script']?.('secret.wav') ?? '');
  const { stderr } = await run(ffmpeg, ['-hide_banner', '-i', `file:${path}`, '-f', 'null', '-']);
  expect(stderr).toContain('Input #0, concat');
});

test('an MP4 whose samples lie in another file is not read from there', async () => {
  const bytes = await readFile(join(folder, 'a.m4a'));
  // The data reference says "in this file" (flag 1); now it says "elsewhere".
  const at = bytes.indexOf('url ');
  bytes.writeUInt32BE(0, at + 4);
  bytes.write('alis', at);
  const path = join(work, 'elsewhere.m4a');
  await writeFile(path, bytes);
  const made = await decode(path).then(
    ({ seconds }) => seconds,
    ({ kind }) => kind,
  );
  expect([1, 'permanent']).toContain(typeof made === 'number' ? Math.round(made) : made);
});

describe('a file with bytes changed at random', () => {
  test.each(names)('%s is decoded or refused for good, and leaves nothing', async (name) => {
    const original = await readFile(join(folder, name));
    for (const { name: seed, bytes } of mutated(original, { seed: `${testSeed()} ${name}`, count: 12 })) {
      const path = join(work, `in${extname(name)}`);
      await writeFile(path, bytes);
      const made = await decode(path).catch((error: unknown) => error);
      if (made instanceof Error) expect(made, seed).toMatchObject({ kind: 'permanent' });
      if (made instanceof Error) expect(made.message, seed).not.toContain(folder);
    }
    // The output is the caller's, in a folder that goes with the attempt; a header's lie does not fill the disk.
    const output = await stat(join(folder, 'out.wav')).catch(() => undefined);
    expect(output?.size ?? 0).toBeLessThan(50_000_000);
    expect(
      (await readdir(work)).filter((left) => !/^(in|\d-list|secret|control|elsewhere)\./.test(left)),
    ).toEqual([]);
    expect(await processesOf({ groups: new Set(), folder })).toEqual([]);
  });
});
