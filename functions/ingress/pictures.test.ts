import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPeopleErasure } from '#shared/erasure';
import { createLedgerRetention } from '#shared/ledger';
import { createPictureFiles } from '#shared/pictures';
import { createRetention } from '#shared/retention';
import cleanPictures from '../media/clean-pictures/function.ts';
import ingestImage from '../media/ingest-image/function.ts';
import tidyPictures from '../media/tidy-pictures/function.ts';
import { type Enrolled, enrol, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { workerAt } from './testing/worker.ts';

interface Picture {
  readonly id: string;
  readonly state: string;
  readonly refusal?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sizes: readonly { name: string; width: number; height: number; bytes: number; href: string }[];
}

const door = await openFrontDoor();
const worker = await workerAt(door, [ingestImage, cleanPictures, tidyPictures], {
  pictureFiles: createPictureFiles({ store: door.artifacts }),
});
let ann: Enrolled;
/** 1200 × 800: red above, blue below. */
let photo: Buffer;
beforeAll(async () => {
  ann = await enrolOne(door);
  const canvas = createCanvas(1_200, 800);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ff0000';
  context.fillRect(0, 0, 1_200, 400);
  context.fillStyle = '#0000ff';
  context.fillRect(0, 400, 1_200, 400);
  photo = await canvas.encode('jpeg', 95);
});
afterAll(async () => {
  expectNoErrors(door);
  await worker.close();
  await door.close();
});

/** With Exif: how it was held, and a place (a text that must be found nowhere afterwards). */
function withExif(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  const segment = (marker: number, body: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from('GPS 48.8584N 2.2945E')]);
  const comment = segment(0xfe, Buffer.from('SECRET-COMMENT'));
  return Buffer.concat([jpeg.subarray(0, 2), segment(0xe1, exif), comment, jpeg.subarray(2)]);
}

/** On a connection of its own: the door closes one on which more comes than it reads. */
async function sent(
  who: Enrolled,
  bytes: Buffer,
  { path = '/media', type = 'image/jpeg', key }: { path?: string; type?: string; key?: string } = {},
): Promise<Response> {
  const headers = {
    authorization: `Bearer ${await door.token(who.id)}`,
    'content-type': type,
    'content-length': bytes.length,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  const answered = Promise.withResolvers<IncomingMessage>();
  request(new URL(path, door.url), { method: 'POST', agent: false, headers })
    .on('response', answered.resolve)
    .on('error', answered.reject)
    .end(bytes);
  const answer = await answered.promise;
  const named = Object.entries(answer.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  );
  return new Response(await text(answer), { status: answer.statusCode ?? 0, headers: named });
}
async function made(
  who: Enrolled,
  bytes: Buffer,
  options: { path?: string; type?: string } = {},
): Promise<Picture> {
  const answer = await sent(who, bytes, options);
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  const { id } = (await answer.json()) as Picture;
  await worker.workOff();
  return (await (await who.ask(`/media/${id}`)).json()) as Picture;
}
const bytesAt = async (href: string) => Buffer.from(await (await door.ask(href)).arrayBuffer());
const keysUnder = async (prefix: string) => (await door.artifacts.list(prefix)).objects.map(({ key }) => key);

describe('a picture', () => {
  it('is cleaned, made in its sizes, read by signed links alone, and removed with its bytes', async () => {
    const answer = await sent(ann, withExif(photo, 1));
    expect([answer.status, answer.headers.get('location')]).toEqual([
      202,
      expect.stringMatching(/^\/media\//),
    ]);
    expect(await answer.json()).toMatchObject({ state: 'pending', sizes: [] });
    const picture = await made(ann, withExif(photo, 1));
    expect(picture).toMatchObject({ state: 'ready', width: 1_200, height: 800 });
    expect(picture.sizes.map(({ name, width, height }) => [name, width, height])).toEqual([
      ['small', 320, 213],
      ['medium', 960, 640],
      ['large', 1_200, 800],
    ]);
    for (const size of picture.sizes) {
      const bytes = await bytesAt(size.href);
      expect(bytes.length).toBe(size.bytes);
      expect(bytes.toString('latin1', 8, 12)).toBe('WEBP');
      for (const word of ['Exif', 'EXIF', 'GPS', 'SECRET-COMMENT', '48.8584'])
        expect(bytes.includes(word), `${size.name} ${word}`).toBe(false);
    }
    // What was sent is kept nowhere.
    expect(
      (await keysUnder(`pictures/${ann.id}/${picture.id}/`)).map((key) => key.split('/').at(-1)),
    ).toEqual(['large.webp', 'medium.webp', 'small.webp']);
    expect(await keysUnder(`pictures/${ann.id}/incoming/`)).toEqual([]);
    const bob = await enrolOne(door);
    const [small] = picture.sizes;
    const path = `/media/${picture.id}/small`;
    expect((await door.ask(path)).status).toBe(401);
    expect((await bob.ask(path)).status).toBe(404);
    expect((await bob.ask(`/media/${picture.id}`)).status).toBe(404);
    expect((await door.ask(small?.href.replace('small', 'large') ?? '')).status).toBe(401);
    const own = await ann.ask(path);
    const etag = own.headers.get('etag') ?? '';
    expect([own.status, (await ann.ask(path, { headers: { 'if-none-match': etag } })).status]).toEqual([
      200, 304,
    ]);
    expect((await bob.ask(`/media/${picture.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await ann.ask(`/media/${picture.id}`, { method: 'DELETE' })).status).toBe(204);
    await worker.workOff();
    expect((await ann.ask(`/media/${picture.id}`)).status).toBe(404);
    expect((await door.ask(small?.href ?? '')).status).toBe(404);
    expect(await keysUnder(`pictures/${ann.id}/${picture.id}/`)).toEqual([]);
  });

  // Where red is seen when the picture is turned as Exif says.
  it.each<[orientation: number, red: 'top' | 'right' | 'bottom' | 'left']>([
    [1, 'top'],
    [2, 'top'],
    [3, 'bottom'],
    [4, 'bottom'],
    [5, 'left'],
    [6, 'right'],
    [7, 'right'],
    [8, 'left'],
  ])('held as Exif says %i shows its top at the %s', async (orientation, red) => {
    const { sizes } = await made(ann, withExif(photo, orientation));
    const [small] = sizes;
    expect([small?.width, small?.height]).toEqual(orientation >= 5 ? [213, 320] : [320, 213]);
    const image = await loadImage(await bytesAt(small?.href ?? ''));
    const canvas = createCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const isRed = (x: number, y: number) => {
      const [r = 0, , b = 0] = context.getImageData(x, y, 1, 1).data;
      return r > 200 && b < 60;
    };
    const [midX, midY] = [Math.floor(image.width / 2), Math.floor(image.height / 2)];
    const sides = {
      top: isRed(midX, 10),
      bottom: isRed(midX, image.height - 10),
      left: isRed(10, midY),
      right: isRed(image.width - 10, midY),
    };
    expect(sides[red]).toBe(true);
    const opposite = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' } as const;
    expect(sides[opposite[red]]).toBe(false);
  });

  it('of a small PNG with a see-through ground is no larger, and still see-through', async () => {
    const canvas = createCanvas(40, 30);
    const { sizes } = await made(ann, await canvas.encode('png'), { type: 'image/png' });
    expect(sizes.map(({ name, width }) => [name, width])).toEqual([['small', 40]]);
    const again = createCanvas(40, 30).getContext('2d');
    again.drawImage(await loadImage(await bytesAt(sizes[0]?.href ?? '')), 0, 0);
    expect(again.getImageData(5, 5, 1, 1).data[3]).toBe(0);
  });

  it('is one for one key however often it is sent, and another body is refused', async () => {
    const answers = await Promise.all(['a', 'a', 'a'].map((key) => sent(ann, photo, { key })));
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Picture).id));
    expect(new Set(ids).size).toBe(1);
    const other = await sent(ann, withExif(photo, 1), { key: 'a' });
    expect(other.status).toBe(409);
    await worker.workOff();
    expect(await (await ann.ask(`/media/${ids[0]}`)).json()).toMatchObject({ state: 'ready' });
    // Sent once more long after it was cleaned, nothing uncleaned stays.
    expect((await sent(ann, photo, { key: 'a' })).status).toBe(202);
    expect(await keysUnder(`pictures/${ann.id}/${ids[0]}/`)).toHaveLength(3);
  });
});

describe('what is sent as a picture and is none', () => {
  const png = (width: number, height: number) => {
    const head = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000802000000', 'hex');
    head.writeUInt32BE(width, 16);
    head.writeUInt32BE(height, 20);
    return Buffer.concat([head, Buffer.alloc(64)]);
  };
  it.each<[what: string, bytes: () => Buffer, code: string]>([
    [
      'words',
      () => Buffer.from('no picture, but long enough to be one, or so it seems'),
      'picture-unreadable',
    ],
    [
      'a page that calls out',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
      'picture-unreadable',
    ],
    ['a header alone', () => photo.subarray(0, 200), 'picture-unreadable'],
    ['a bomb of 4 gigapixels', () => png(65_535, 65_535), 'picture-too-large'],
    ['a bomb of one row', () => png(2_000_000, 10), 'picture-too-large'],
    ['no pixels', () => png(0, 10), 'picture-unreadable'],
  ])('%s: its owner is told why', async (_, bytes, code) => {
    const picture = await made(ann, bytes());
    expect(picture).toMatchObject({ state: 'refused', refusal: code, sizes: [] });
    expect(await keysUnder(`pictures/${ann.id}/${picture.id}/`)).toEqual([]);
  });

  it.each<[what: string, bytes: () => Buffer, type: string, status: number]>([
    ['nothing', () => Buffer.alloc(0), 'image/png', 400],
    ['JSON without an upload', () => Buffer.from('{}'), 'application/json', 400],
    ['a GIF', () => Buffer.from('GIF89a'), 'image/gif', 415],
    ['21 MB', () => Buffer.alloc(21 * 2 ** 20), 'image/png', 413],
  ])('%s is refused at the door, and leaves nothing', async (_, bytes, type, status) => {
    const before = await keysUnder(`pictures/${ann.id}/`);
    const answer = await sent(ann, bytes(), { type });
    expect([answer.status, (await problemIn(answer)).status]).toEqual([status, status]);
    expect(await keysUnder(`pictures/${ann.id}/`)).toEqual(before);
  });
});

describe('pictures of an event', () => {
  const tea = { title: 'Tea', starts: '2030-05-01T18:30:00', zone: 'Europe/Paris' };
  it('are shown with it to all who see it, until they are taken away or it is gone', async () => {
    const [bob] = await enrol(door, 1);
    const { id } = (await (await ann.ask('/events', { body: tea })).json()) as { id: string };
    const path = `/events/${id}/media`;
    const first = await made(ann, photo, { path });
    const second = await made(ann, withExif(photo, 3), { path });
    if (bob === undefined) throw new Error('nobody');
    const shown = async () =>
      ((await (await bob.ask(`/events/${id}`)).json()) as { pictures: Picture[] }).pictures;
    expect((await shown()).map((picture) => picture.id)).toEqual([first.id, second.id]);
    expect((await bytesAt((await shown())[0]?.sizes[0]?.href ?? '')).length).toBe(first.sizes[0]?.bytes);
    expect((await sent(bob, photo, { path })).status).toBe(403);
    expect(await keysUnder(`pictures/${bob.id}/`)).toEqual([]);
    expect((await bob.ask(`${path}/${first.id}`, { method: 'DELETE' })).status).toBe(403);
    expect((await ann.ask(`${path}/${first.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ann.ask(`${path}/${first.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await shown()).map((picture) => picture.id)).toEqual([second.id]);
    // What nothing shows goes after a day, what is shown stays.
    await door.fixture.shiftClock('25 hours');
    await door.fixture.housekeeping.tick();
    await worker.workOff();
    expect((await ann.ask(`/media/${first.id}`)).status).toBe(404);
    expect(await keysUnder(`pictures/${ann.id}/${first.id}/`)).toEqual([]);
    expect((await ann.ask(`/media/${second.id}`)).status).toBe(200);
    await ann.ask(`/events/${id}`, { method: 'DELETE' });
    await door.fixture.shiftClock('25 hours');
    await door.fixture.housekeeping.tick();
    await worker.workOff();
    expect((await ann.ask(`/media/${second.id}`)).status).toBe(404);
  });
});

it('an account that goes takes its pictures along, also one that is just being made', async () => {
  const [eve] = await enrol(door, 1);
  if (eve === undefined) throw new Error('nobody');
  await made(eve, photo);
  await sent(eve, photo);
  const caught = await worker.begin('ingest-image');
  await door.fixture.rows('delete from people.account where id = $1', [eve.id]);
  await door.fixture.work.commit(caught);
  await worker.workOff();
  const ledger = createLedgerRetention({ pool: door.fixture.pool });
  const retention = createRetention({
    ledger,
    people: createPeopleErasure({ pool: door.fixture.pool }),
    store: door.artifacts,
    clock: door.options.clock,
  });
  await ledger.requestErasure({ account: eve.id, by: eve.id });
  while (!(await retention.erase({ account: eve.id, limit: 20 })).finished);
  expect(await keysUnder(`pictures/${eve.id}/`)).toEqual([]);
});
