import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type Enrolled, enrol, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

interface Page {
  readonly users: readonly { id: string; since: string }[];
  readonly links: { self: string; next?: string };
}

const put = (who: Enrolled, path: string) => who.ask(path, { method: 'PUT' });
const remove = (who: Enrolled, path: string) => who.ask(path, { method: 'DELETE' });
const read = async <Body>(who: Enrolled, path: string): Promise<Body> => {
  const answer = await who.ask(path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
};
const idsIn = async (who: Enrolled, path: string) => (await read<Page>(who, path)).users.map(({ id }) => id);
const standing = (who: Enrolled, of: Enrolled) => read<{ follow: string | null }>(who, `/users/${of.id}`);
const factsOf = (user: Enrolled) =>
  door.fixture.rows<{ type: string; data: object }>(
    `select type, data from ledger.event where data->>'user' = $1 and data ? 'by' order by id`,
    [user.id],
  );

describe('following', () => {
  it('is so from then on, is said to others, and ends', async () => {
    const [ann, bob] = await enrolTwo();
    const followed = await put(ann, `/users/${bob.id}/follow`);
    expect([followed.status, await followed.json()]).toEqual([200, { state: 'accepted' }]);
    expect((await put(ann, `/users/${bob.id}/follow`)).status).toBe(200);
    expect(await standing(ann, bob)).toMatchObject({
      ...{ id: bob.id, followers: 1, following: 0, follow: 'accepted', followsYou: false, private: false },
    });
    expect(await standing(bob, ann)).toMatchObject({ followers: 0, following: 1, followsYou: true });
    expect(await idsIn(bob, `/users/${bob.id}/followers`)).toEqual([ann.id]);
    expect(await idsIn(bob, `/users/${ann.id}/following`)).toEqual([bob.id]);
    expect(await idsIn(bob, '/users/me/followers')).toEqual([ann.id]);
    expect(await idsIn(ann, '/users/me/following')).toEqual([bob.id]);
    expect((await remove(ann, `/users/${bob.id}/follow`)).status).toBe(204);
    expect((await remove(ann, `/users/${bob.id}/follow`)).status).toBe(204);
    expect(await standing(ann, bob)).toMatchObject({ followers: 0, follow: null });
    // Once each, however often it was said.
    expect(await factsOf(bob)).toEqual([
      { type: 'user.followed', data: { user: bob.id, by: ann.id } },
      { type: 'user.unfollowed', data: { user: bob.id, by: ann.id, follower: ann.id } },
    ]);
  });

  it('of one who does not want it is taken away', async () => {
    const [ann, bob] = await enrolTwo();
    await put(ann, `/users/${bob.id}/follow`);
    expect((await remove(bob, `/users/me/followers/${ann.id}`)).status).toBe(204);
    expect((await remove(bob, `/users/me/followers/${ann.id}`)).status).toBe(404);
    expect(await standing(ann, bob)).toMatchObject({ followers: 0, follow: null });
  });

  it.each([
    ['oneself', (ann: Enrolled) => ann.id, 400, 'follow-self'],
    ['nobody', () => randomUUID(), 404, 'not-found'],
    ['what is no id', () => 'me', 404, 'not-found'],
  ])('%s is refused', async (_, whom, status, code) => {
    const ann = await enrolOne(door);
    expect(await problemIn(await put(ann, `/users/${whom(ann)}/follow`))).toMatchObject({ status, code });
  });

  it('is nothing for a token of nobody', async () => {
    const ann = await enrolOne(door);
    for (const as of ['operator', randomUUID()]) {
      const answer = await door.ask(`/users/${ann.id}/follow`, { as, method: 'PUT' });
      expect(answer.status).toBe(404);
    }
  });

  it('is counted exactly when fifty come and go at once', async () => {
    const star = await enrolOne(door);
    const fans = await enrol(door, 50);
    // Each says it thrice; every third leaves again, some while they come.
    await Promise.all(
      fans.flatMap((fan, index) => [
        put(fan, `/users/${star.id}/follow`),
        put(fan, `/users/${star.id}/follow`),
        ...(index % 3 === 0
          ? [remove(fan, `/users/${star.id}/follow`)]
          : [put(fan, `/users/${star.id}/follow`)]),
      ]),
    );
    const rows = await door.fixture.rows('select from people.follow where followed = $1', [star.id]);
    expect(await standing(star, star)).toMatchObject({ followers: rows.length });
    expect(rows.length).toBeGreaterThanOrEqual(33);
    await Promise.all(fans.map((fan) => remove(fan, `/users/${star.id}/follow`)));
    expect(await standing(star, star)).toMatchObject({ followers: 0 });
    const facts = await factsOf(star);
    const of = (type: string) => facts.filter((fact) => fact.type === type).length;
    expect(of('user.followed')).toBe(of('user.unfollowed'));
  }, 120_000);

  it('is counted exactly when one changes his mind fifty times at once, and when two follow each other', async () => {
    const [ann, bob] = await enrolTwo();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, turn) =>
        turn % 2 === 0 ? put(ann, `/users/${bob.id}/follow`) : remove(ann, `/users/${bob.id}/follow`),
      ).concat(
        Array.from({ length: 10 }, (_, turn) =>
          turn % 2 === 0 ? put(bob, `/users/${ann.id}/follow`) : remove(bob, `/users/${ann.id}/follow`),
        ),
      ),
    );
    for (const { status } of answers) expect([200, 204]).toContain(status);
    const follows = (await standing(ann, bob)).follow === 'accepted';
    expect(await standing(ann, bob)).toMatchObject({ followers: Number(follows) });
    const facts = await factsOf(bob);
    const balance = facts.map(({ type }) => (type === 'user.followed' ? 1 : -1));
    expect(balance.reduce((sum, one) => sum + one, 0)).toBe(Number(follows));
  }, 120_000);

  it('lists page by page, whoever comes meanwhile', async () => {
    const star = await enrolOne(door);
    const fans = await enrol(door, 5);
    for (const fan of fans) await put(fan, `/users/${star.id}/follow`);
    await door.fixture.rows(
      `update people.follow set created_at = '2026-01-02T03:04:05Z' where followed = $1`,
      [star.id],
    );
    const seen: string[] = [];
    let path: string | undefined = `/users/${star.id}/followers?limit=2`;
    while (path !== undefined) {
      const answer = await star.ask(path);
      const page = (await answer.json()) as Page;
      expect(answer.headers.get('link')).toBe(
        page.links.next === undefined ? null : `<${page.links.next}>; rel="next"`,
      );
      seen.push(...page.users.map(({ id }) => id));
      path = page.links.next;
      await put(await enrolOne(door), `/users/${star.id}/follow`);
    }
    expect(seen.toSorted()).toEqual(fans.map(({ id }) => id).toSorted());
  });

  it.each(['x', '', '1.2', `-1.${randomUUID()}`, `999999999999999.${randomUUID()}`, '0', 'a'.repeat(200)])(
    'refuses the cursor %j',
    async (cursor) => {
      const ann = await enrolOne(door);
      const answer = await ann.ask(`/users/${ann.id}/followers?cursor=${encodeURIComponent(cursor)}`);
      expect(await problemIn(answer)).toMatchObject({ status: 400, errors: [{ field: 'query.cursor' }] });
    },
  );
});

describe('a private account', () => {
  it('is asked, and lets one and refuses another', async () => {
    const owner = await enrolOne(door, { isPrivate: true });
    const [friend, stranger] = await enrolTwo();
    for (const who of [friend, stranger]) {
      const asked = await put(who, `/users/${owner.id}/follow`);
      expect(await asked.json()).toEqual({ state: 'requested' });
    }
    expect(await standing(friend, owner)).toMatchObject({ followers: 0, follow: 'requested', private: true });
    expect((await friend.ask(`/users/${owner.id}/followers`)).status).toBe(404);
    expect((await idsIn(owner, '/users/me/follow-requests')).toSorted()).toEqual(
      [friend.id, stranger.id].toSorted(),
    );
    expect((await put(owner, `/users/me/follow-requests/${friend.id}`)).status).toBe(204);
    expect((await remove(owner, `/users/me/follow-requests/${stranger.id}`)).status).toBe(204);
    expect((await put(owner, `/users/me/follow-requests/${friend.id}`)).status).toBe(204);
    expect((await remove(owner, `/users/me/follow-requests/${friend.id}`)).status).toBe(404);
    expect(await standing(friend, owner)).toMatchObject({ followers: 1, follow: 'accepted' });
    expect(await idsIn(friend, `/users/${owner.id}/followers`)).toEqual([friend.id]);
    expect((await stranger.ask(`/users/${owner.id}/followers`)).status).toBe(404);
    expect(await idsIn(owner, '/users/me/follow-requests')).toEqual([]);
    expect(await factsOf(friend)).toEqual([
      { type: 'user.follow-accepted', data: { user: friend.id, by: owner.id } },
    ]);
    expect(await factsOf(stranger)).toEqual([]);
  });

  it('is one by its owner’s word, which grants no request and takes no follower away', async () => {
    const [ann, bob] = await enrolTwo();
    const [carol] = await enrol(door, 1);
    await put(ann, `/users/${bob.id}/follow`);
    const profile = { handle: bob.handle, name: 'Bob', about: '' };
    const change = (body: object) => bob.ask('/users/me', { method: 'PUT', body });
    expect(await (await change({ ...profile, private: true })).json()).toMatchObject({ private: true });
    // Who does not know of it does not change it.
    expect(await (await change(profile)).json()).toMatchObject({ private: true });
    expect(await standing(ann, bob)).toMatchObject({ follow: 'accepted', followers: 1 });
    await put(carol as Enrolled, `/users/${bob.id}/follow`);
    await change({ ...profile, private: false });
    expect(await standing(bob, bob)).toMatchObject({ followers: 1 });
    // Asked again, it is granted.
    const again = await put(carol as Enrolled, `/users/${bob.id}/follow`);
    expect(await again.json()).toEqual({ state: 'accepted' });
    expect(await standing(bob, bob)).toMatchObject({ followers: 2 });
  });
});

describe('a block', () => {
  it('ends following both ways, and hides each from the other everywhere', async () => {
    const [ann, bob] = await enrolTwo();
    const [star] = await enrol(door, 1);
    for (const [who, whom] of [
      [ann, bob],
      [bob, ann],
      [ann, star],
      [bob, star],
    ] as [Enrolled, Enrolled][])
      await put(who, `/users/${whom.id}/follow`);
    expect((await put(ann, `/users/${bob.id}/block`)).status).toBe(204);
    expect((await put(ann, `/users/${bob.id}/block`)).status).toBe(204);
    for (const [who, other] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      for (const path of ['', '/followers', '/following'])
        expect((await who.ask(`/users/${other.id}${path}`)).status).toBe(404);
      const found = await read<{ users: { id: string }[] }>(who, `/users?search=${other.handle}`);
      expect(found.users.map(({ id }) => id)).not.toContain(other.id);
      expect(await idsIn(who, `/users/${(star as Enrolled).id}/followers`)).toEqual([who.id]);
      expect(await standing(who, who)).toMatchObject({ followers: 0, following: 1 });
    }
    expect((await put(bob, `/users/${ann.id}/follow`)).status).toBe(404);
    expect((await put(bob, `/users/${ann.id}/mute`)).status).toBe(404);
    expect(await problemIn(await put(ann, `/users/${bob.id}/follow`))).toMatchObject({
      ...{ status: 409, code: 'user-blocked' },
    });
    expect(await idsIn(ann, '/users/me/blocks')).toEqual([bob.id]);
    expect((await remove(ann, `/users/${bob.id}/block`)).status).toBe(204);
    expect(await standing(bob, ann)).toMatchObject({ follow: null, followers: 0 });
    expect((await factsOf(bob)).map(({ type }) => type)).toEqual([
      ...['user.followed', 'user.blocked', 'user.unblocked'],
    ]);
  });

  it('stands against those who begin to follow at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [ann, bob] = await enrolTwo();
      await Promise.all([
        put(bob, `/users/${ann.id}/follow`),
        put(ann, `/users/${bob.id}/block`),
        put(bob, `/users/${ann.id}/follow`),
      ]);
      expect(await standing(ann, ann)).toMatchObject({ followers: 0 });
    }
  });
});

describe('an account that ends', () => {
  it('is counted and listed nowhere any more', async () => {
    const [ann, bob] = await enrolTwo();
    await put(ann, `/users/${bob.id}/follow`);
    await put(bob, `/users/${ann.id}/follow`);
    await put(bob, `/users/${ann.id}/mute`);
    await door.fixture.rows('delete from people.account where id = $1', [ann.id]);
    expect(await standing(bob, bob)).toMatchObject({ followers: 0, following: 0 });
    expect(await idsIn(bob, `/users/${bob.id}/followers`)).toEqual([]);
    expect(await idsIn(bob, '/users/me/mutes')).toEqual([]);
  });
});

async function enrolTwo(): Promise<[Enrolled, Enrolled]> {
  return [await enrolOne(door), await enrolOne(door)];
}
