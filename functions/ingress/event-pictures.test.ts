import { afterAll, describe, expect, it } from 'vitest';
import cleanPictures from '../media/clean-pictures/function.ts';
import ingestImage from '../media/ingest-image/function.ts';
import tidyPictures from '../media/tidy-pictures/function.ts';
import { enrol } from './testing/enrolled.ts';
import { openPicturing, type Picture, withExif } from './testing/picturing.ts';

const { door, worker, ann, photo, sent, made, bytesAt, keysUnder, close } = await openPicturing([
  cleanPictures,
  ingestImage,
  tidyPictures,
]);
afterAll(close);

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
