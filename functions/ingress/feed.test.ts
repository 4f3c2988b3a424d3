import { afterAll, describe, expect, it } from 'vitest';
import { type Enrolled, enrol, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor } from './testing/front-door.ts';
import { type PostBody, postingAt } from './testing/posting.ts';

const door = await openFrontDoor();
const { post, read, put, remove, follow, two, eventOf } = postingAt(door);
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

describe('the feed', () => {
  interface Page {
    readonly items: readonly { kind: string; post?: PostBody; event?: { id: string } }[];
    readonly links: { next?: string };
  }
  const idsOf = ({ items }: Page) => items.map(({ post, event }) => post?.id ?? event?.id);
  const feedOf = async (who: Enrolled) => idsOf(await read<Page>(who, '/feed?limit=100'));

  it('merges posts and events newest first, of one time by their ids, and no page shifts', async () => {
    const reader = await enrolOne(door);
    const makers = await enrol(door, 4);
    const made: { id: string; at: number }[] = [];
    for (const [index, maker] of [...makers, reader].entries()) {
      if (maker !== reader) await follow(reader, maker);
      for (let turn = 0; turn < 3; turn += 1) {
        const isEvent = (index + turn) % 2 === 0;
        const { id } = isEvent ? { id: await eventOf(maker, 'public') } : await post(maker, { text: 'x' });
        // Few times, so that most are equal.
        const at = 1_767_000_000_000 + turn;
        await door.fixture.rows(
          `update people.${isEvent ? 'gathering' : 'post'} set created_at = to_timestamp($2::float8 / 1000) where id = $1`,
          [id, at],
        );
        made.push({ id, at });
      }
    }
    const wanted = made.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
    for (const limit of [1, 2, 4, 14, 15, 16]) {
      const got: (string | undefined)[] = [];
      for (let path: string | undefined = `/feed?limit=${limit}`; path !== undefined; ) {
        const page: Page = await read(reader, path);
        got.push(...idsOf(page));
        path = page.links.next;
        // What comes meanwhile is newer than all that is still to be read.
        if (limit === 4) await post(makers[0] as Enrolled, { text: 'news' });
      }
      expect(got).toEqual(wanted);
      await door.fixture.rows(`delete from people.post where text = 'news'`);
    }
  });

  it('shows what one may see, of those whom one follows and did not mute', async () => {
    const [reader, friend] = await two();
    const [muted, stranger] = await two();
    const secret = await enrolOne(door, { isPrivate: true });
    for (const who of [friend, muted]) await follow(reader, who);
    await put(reader, `/users/${secret.id}/follow`);
    const own = await post(reader, { text: 'Own' });
    const close = await post(friend, { text: 'Close', visibility: 'followers' });
    const party = await eventOf(friend, 'followers');
    await eventOf(friend, 'invited');
    const loud = await post(muted, { text: 'Loud' });
    await post(stranger, { text: 'Strange' });
    const hidden = await post(secret, { text: 'Hidden' });
    const sorted = async () => (await feedOf(reader)).toSorted();
    const shown = [own.id, close.id, party];
    expect(await sorted()).toEqual([...shown, loud.id].toSorted());
    await put(reader, `/users/${muted.id}/mute`);
    expect(await sorted()).toEqual(shown.toSorted());
    await remove(reader, `/users/${muted.id}/mute`);
    await put(secret, `/users/me/follow-requests/${reader.id}`);
    expect(await sorted()).toEqual([...shown, loud.id, hidden.id].toSorted());
    await put(muted, `/users/${reader.id}/block`);
    await remove(reader, `/users/${friend.id}/follow`);
    expect(await sorted()).toEqual([own.id, hidden.id].toSorted());
    await door.fixture.rows('delete from people.account where id = $1', [secret.id]);
    expect(await feedOf(reader)).toEqual([own.id]);
  });

  it('is empty for who follows nobody, and for a token of nobody', async () => {
    const ann = await enrolOne(door);
    expect(await read<Page>(ann, '/feed')).toEqual({ items: [], links: { self: '/feed' } });
    expect((await door.ask('/feed', { as: 'operator' })).status).toBe(200);
  });
});
