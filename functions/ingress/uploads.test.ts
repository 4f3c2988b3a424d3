import { createHash, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
afterAll(() => door.close());

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const TEXT = '# Three hearts\n\nAn octopus has three hearts.\n';

interface Grant {
  id: string;
  method: string;
  url: string;
  parts?: { number: number; bytes: number; url: string; sent: boolean }[];
  headers: Record<string, string>;
  complete: string;
  abort: string;
}
const open = async (body: object, as = 'alice') =>
  (await (await door.ask('/api/v1/uploads', { as, body })).json()) as Grant;
const send = (url: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  fetch(new URL(url, door.url), { method: 'PUT', body: Buffer.from(body), headers });
const complete = (grant: Grant, as = 'alice') => door.ask(grant.complete, { as, method: 'POST' });
const inboxKeys = async () => {
  const found = await door.options.ledger.listRuns({ owner: 'alice', flow: 'dropped-video', limit: 50 });
  return found.runs.map(({ title }) => title);
};

describe('an upload', () => {
  test('of a script becomes one video, and nothing is visible before it is complete', async () => {
    const sha256 = createHash('sha256').update(TEXT).digest('hex');
    const grant = await open({ name: 'three-hearts.md', bytes: Buffer.byteLength(TEXT), sha256 });
    expect(grant).toMatchObject({ method: 'put', headers: { 'Content-Type': 'text/markdown' } });
    expect((await send(grant.url, TEXT, grant.headers)).status).toBe(204);
    await door.inbox.sweep();
    expect(await inboxKeys()).toEqual([]);
    const done = (await (await complete(grant)).json()) as {
      status: string;
      sha256: string;
      links: { pipeline: string };
    };
    expect(done).toMatchObject({ status: 'completed', sha256 });
    const again = (await (await complete(grant)).json()) as typeof done;
    expect(again.links.pipeline).toBe(done.links.pipeline);
    // The folder watch and the sweep see it too: still one run.
    await door.inbox.sweep();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await inboxKeys()).toEqual(['three hearts']);
    const run = await (await door.ask(done.links.pipeline, { as: 'alice' })).json();
    expect(run).toMatchObject({ flow: 'dropped-video', title: 'three hearts' });
    expect((await door.ask(done.links.pipeline, { as: 'bob' })).status).toBe(404);
  });

  test('in one request', async () => {
    const answer = await fetch(new URL('/api/videos/upload?name=cover.png', door.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${await door.token('alice')}` },
      body: png,
    });
    expect(answer.status).toBe(201);
    const upload = (await answer.json()) as { links: { self: string }; bytes: number };
    expect(upload.bytes).toBe(png.length);
    const call = { audio: upload.links.self, pictures: [upload.links.self] };
    expect((await door.ask('/videos/assemble', { as: 'alice', body: call })).status).toBe(202);
    expect((await door.ask('/videos/assemble', { as: 'bob', body: call })).status).toBe(400);
  });

  test('of somebody else does not exist', async () => {
    const grant = await open({ name: 'cover.png' });
    await send(grant.url, png);
    for (const [path, method] of [
      [grant.abort, 'GET'],
      [grant.abort, 'DELETE'],
      [grant.complete, 'POST'],
    ] as const)
      expect((await door.ask(path, { as: 'bob', method })).status).toBe(404);
    const stolen = await door.ask(`/api/v1/uploads/${grant.id}/bytes`, {
      as: 'bob',
      method: 'PUT',
      body: 'x',
    });
    expect(stolen.status).toBe(404);
    expect((await door.ask(grant.abort, { as: 'alice', method: 'DELETE' })).status).toBe(204);
    expect((await complete(grant)).status).toBe(404);
    expect((await send(grant.url, png)).status).toBe(404);
  });

  test('is not complete before bytes came, nor changed afterwards', async () => {
    const grant = await open({ name: 'cover.png' });
    expect(await problemIn(await complete(grant))).toMatchObject({ status: 409, code: 'upload-empty' });
    await send(grant.url, png);
    await complete(grant);
    expect((await send(grant.url, png)).status).toBe(409);
  });
});

describe('refused while the bytes stream in', () => {
  test.each([
    ['more than announced', { name: 'a.png', bytes: 10 }, png, 413, 'file-too-large'],
    ['less than announced', { name: 'a.png', bytes: 999 }, png, 400, 'upload-size-differs'],
    ['another checksum', { name: 'a.png', sha256: '0'.repeat(64) }, png, 400, 'upload-checksum-differs'],
    [
      'a program named as a picture',
      { name: 'a.png' },
      Buffer.from('\x7fELF....'),
      415,
      'file-not-what-it-says',
    ],
    ['a page named as Markdown', { name: 'a.md' }, Buffer.from([0, 1, 2, 3]), 415, 'file-not-what-it-says'],
    ['nothing at all', { name: 'a.md' }, Buffer.alloc(0), 415, 'file-not-what-it-says'],
    ['a script that is too large', { name: 'a.md' }, Buffer.alloc(300_000, 'a'), 413, 'file-too-large'],
  ] as const)('%s', async (_name, request, bytes, status, code) => {
    const grant = await open(request);
    const answer = await send(grant.url, bytes);
    expect(await problemIn(answer)).toMatchObject({ status, code });
    expect((await complete(grant)).status).toBe(409);
  });

  test.each([
    ['a link for another upload', (url: string) => url.replace(/uploads\/[0-9a-f]{8}/, 'uploads/00000000')],
    ['a later end', (url: string) => url.replace(/expires=\d+/, 'expires=9999999999')],
    ['no signature', (url: string) => url.split('?')[0] ?? ''],
  ])('%s: 401', async (_name, change) => {
    const grant = await open({ name: 'cover.png' });
    expect((await send(change(grant.url), png)).status).toBe(401);
  });
});

describe('a large upload of known size', () => {
  const MB = 2 ** 20;
  const film = Buffer.concat([Buffer.from('0000001c66747970', 'hex'), randomBytes(40 * MB)]);
  const sha256 = createHash('sha256').update(film).digest('hex');
  const openFilm = () => open({ name: 'film.mp4', bytes: film.length, sha256 });
  const partOf = (bytes: Buffer, number: number) => bytes.subarray((number - 1) * 16 * MB, number * 16 * MB);

  test('goes in parts, in any order, on from where it was interrupted; it is whole in the end', async () => {
    const grant = await openFilm();
    expect(grant).toMatchObject({ method: 'multipart', parts: [{ number: 1, bytes: 16 * MB }, {}, {}] });
    for (const { number, url } of [...(grant.parts ?? [])].reverse().slice(0, 2)) {
      expect((await send(url, partOf(film, number))).status).toBe(204);
    }
    expect(await problemIn(await complete(grant))).toMatchObject({ status: 409, code: 'upload-incomplete' });
    const read = (await (await door.ask(grant.abort, { as: 'alice' })).json()) as { grant: Grant };
    const missing = read.grant.parts?.filter(({ sent }) => !sent) ?? [];
    expect(missing.map(({ number }) => number)).toEqual([1]);
    expect((await send(missing[0]?.url ?? '', partOf(film, 1))).status).toBe(204);
    const [first, second] = await Promise.all([complete(grant), complete(grant)]);
    expect(await first.json()).toMatchObject({ status: 'completed', bytes: film.length, sha256 });
    expect(second.status).toBe(200);
    expect((await send(missing[0]?.url ?? '', partOf(film, 1))).status).toBe(409);
  });

  test('refuses parts of another size, parts that it has not, and links for other parts', async () => {
    const grant = await openFilm();
    const [url = '', second = ''] = grant.parts?.map((part) => part.url) ?? [];
    expect((await send(url, film.subarray(0, 16 * MB + 1))).status).toBe(413);
    expect(await problemIn(await send(url, 'short'))).toMatchObject({ code: 'upload-size-differs' });
    expect((await send(url.replace('/parts/1', '/parts/2'), partOf(film, 2))).status).toBe(401);
    expect((await send(second.replace('/parts/2', '/parts/4'), 'x')).status).toBe(401);
    expect((await complete(grant)).status).toBe(409);
    expect((await door.ask(grant.abort, { as: 'alice', method: 'DELETE' })).status).toBe(204);
    expect((await send(url, partOf(film, 1))).status).toBe(404);
  });

  test('is gone when its bytes are not those that were announced', async () => {
    const grant = await openFilm();
    for (const { number, url } of grant.parts ?? []) {
      await send(url, number === 2 ? Buffer.alloc(16 * MB) : partOf(film, number));
    }
    expect(await problemIn(await complete(grant))).toMatchObject({
      status: 400,
      code: 'upload-checksum-differs',
    });
    expect((await complete(grant)).status).toBe(404);
  });
});

test.each(['../../etc/passwd', 'a/b.md', '.hidden.md', 'a\u0000.md', 'script.exe', 'md', '\ud800.md'])(
  'the name %j is refused',
  async (name) => {
    const answer = await door.ask('/api/v1/uploads', { as: 'alice', body: { name } });
    expect([400, 415]).toContain(answer.status);
    await problemIn(answer);
  },
);
