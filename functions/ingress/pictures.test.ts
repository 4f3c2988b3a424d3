import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, it } from 'vitest';
import { createPeopleErasure } from '#shared/erasure';
import { createLedgerRetention } from '#shared/ledger';
import { createRetention } from '#shared/retention';
import cleanPictures from '../media/clean-pictures/function.ts';
import ingestImage from '../media/ingest-image/function.ts';
import tidyPictures from '../media/tidy-pictures/function.ts';
import { enrol, enrolOne } from './testing/enrolled.ts';
import { openPicturing, type Picture, withExif } from './testing/picturing.ts';

const { door, worker, ann, photo, sent, made, bytesAt, keysUnder, close } = await openPicturing([
  cleanPictures,
  ingestImage,
  tidyPictures,
]);
afterAll(close);

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
