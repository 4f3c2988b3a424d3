import { randomUUID } from 'node:crypto';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPictureFiles } from '#shared/pictures';
import ingestImage from '../media/ingest-image/function.ts';
import { type Enrolled, enrol } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { workerAt } from './testing/worker.ts';

const door = await openFrontDoor();
const worker = await workerAt(door, [ingestImage], {
  pictureFiles: createPictureFiles({ store: door.artifacts }),
});
let ann: Enrolled;
let bob: Enrolled;
let photo: Buffer;
beforeAll(async () => {
  [ann, bob] = (await enrol(door, 2)) as [Enrolled, Enrolled];
  photo = await createCanvas(640, 480).encode('png');
});
afterAll(async () => {
  expectNoErrors(door);
  await worker.close();
  await door.close();
});

interface Picture {
  readonly id: string;
  readonly state: string;
  readonly width?: number;
}

/** Its bytes sent; `complete` makes it a finished one. */
async function uploaded(
  who: Enrolled,
  { name = 'tide.png', bytes = photo, complete = true } = {},
): Promise<string> {
  const opened = await who.ask('/api/v1/uploads', { body: { name, bytes: bytes.length } });
  const { id, url } = (await opened.json()) as { id: string; url: string };
  expect((await fetch(new URL(url, door.url), { method: 'PUT', body: new Uint8Array(bytes) })).status).toBe(
    204,
  );
  if (complete)
    expect((await who.ask(`/api/v1/uploads/${id}/complete`, { method: 'POST' })).status).toBe(200);
  return id;
}
const named = (who: Enrolled, upload: string, path = '/media', headers = {}) =>
  who.ask(path, { body: { upload }, headers });
const asideOf = async (who: Enrolled) =>
  (await door.artifacts.list(`pictures/${who.id}/incoming/`)).objects.map(({ key }) => key);

describe('a picture that was uploaded before', () => {
  it('is made of the upload, by name, and shown with an event', async () => {
    const times = { starts: '2030-05-01T18:30:00', zone: 'Europe/Paris' };
    const event = (await (
      await ann.ask('/events', { body: { title: 'Low tide', visibility: 'public', ...times } })
    ).json()) as { id: string };
    const upload = await uploaded(ann);
    for (const path of ['/media', `/events/${event.id}/media`]) {
      const answer = await named(ann, upload, path);
      expect(answer.status).toBe(202);
      const { id } = (await answer.json()) as Picture;
      await worker.workOff();
      const made = (await (await ann.ask(`/media/${id}`)).json()) as Picture;
      expect(made).toMatchObject({ state: 'ready', width: 640 });
    }
    const shown = (await (await ann.ask(`/events/${event.id}`)).json()) as { pictures: unknown[] };
    expect(shown.pictures).toHaveLength(1);
    expect(await asideOf(ann)).toEqual([]);
  });

  it('is the same one for the same key, however often and however it is sent', async () => {
    const upload = await uploaded(ann);
    const key = { 'idempotency-key': randomUUID() };
    const ids = new Set<string>();
    for (let again = 0; again < 3; again += 1)
      ids.add(((await (await named(ann, upload, '/media', key)).json()) as Picture).id);
    expect(ids.size).toBe(1);
    const other = await uploaded(ann, { bytes: await createCanvas(32, 32).encode('png') });
    expect((await named(ann, other, '/media', key)).status).toBe(409);
    expect(await asideOf(ann)).toEqual([]);
  });

  it.each<[string, () => Promise<string>, number, string]>([
    ['somebody else’s', () => uploaded(bob), 404, 'not-found'],
    ['one that is not finished', () => uploaded(ann, { complete: false }), 404, 'not-found'],
    ['one that is not there', async () => randomUUID(), 404, 'not-found'],
    ['no id', async () => 'tide.png', 400, 'request-invalid'],
    [
      'a calendar',
      () => uploaded(ann, { name: 'my.ics', bytes: Buffer.from('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n') }),
      400,
      'request-invalid',
    ],
    [
      'more than 20 MB',
      () => uploaded(ann, { bytes: Buffer.concat([photo, Buffer.alloc(21 * 2 ** 20)]) }),
      413,
      'object-too-large',
    ],
  ])('%s is refused, and leaves nothing', async (_, upload, status, code) => {
    const answer = await named(ann, await upload());
    expect([answer.status, (await problemIn(answer)).code]).toEqual([status, code]);
    expect(await asideOf(ann)).toEqual([]);
  });
});
