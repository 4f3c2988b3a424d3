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

interface PostBody {
  readonly id: string;
  readonly text: string;
  readonly author: { id: string };
  readonly mentions: readonly { id: string }[];
  readonly pictures: readonly { id: string; sizes: readonly { name: string; href: string }[] }[];
  readonly artifact?: { href: string };
  readonly event?: string;
  readonly likes: number;
  readonly comments: number;
  readonly liked: boolean;
  readonly editedAt?: string;
}

async function post(who: Enrolled, body: object, headers: Record<string, string> = {}): Promise<PostBody> {
  const answer = await who.ask('/posts', { body, headers });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as PostBody;
}
const read = async <Body>(who: Enrolled, path: string): Promise<Body> => {
  const answer = await who.ask(path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
};
const put = (who: Enrolled, path: string, body?: object, headers: Record<string, string> = {}) =>
  who.ask(path, { method: 'PUT', headers, ...(body === undefined ? {} : { body }) });
const remove = (who: Enrolled, path: string) => who.ask(path, { method: 'DELETE' });
const follow = async (who: Enrolled, whom: Enrolled) => {
  expect((await put(who, `/users/${whom.id}/follow`)).status).toBe(200);
};
const seen = async (who: Enrolled, id: string) => (await who.ask(`/posts/${id}`)).status;
const facts = async (type: string, user: Enrolled) =>
  (
    await door.fixture.rows<{ data: object }>(
      `select data from ledger.event where type = $1 and data->>'user' = $2 order by id`,
      [type, user.id],
    )
  ).map(({ data }) => data);
const two = async (): Promise<[Enrolled, Enrolled]> => [await enrolOne(door), await enrolOne(door)];

async function pictureOf(owner: Enrolled): Promise<string> {
  const id = randomUUID();
  await door.fixture.rows(
    `insert into people.picture (id, owner, state, width, height, sizes, cleaned)
     values ($1, $2, 'ready', 400, 300, '[{"name":"small","width":320,"height":240,"bytes":5}]', true)`,
    [id, owner.id],
  );
  return id;
}

async function eventOf(owner: Enrolled, visibility: string): Promise<string> {
  const id = randomUUID();
  await door.fixture.rows(
    `insert into people.gathering (id, owner, uid, title, starts, ends, starts_at, ends_at, visibility)
     values ($1, $2, $3, 'Tea', '2026-05-04', '2026-05-05', '2026-05-04', '2026-05-05', $4)`,
    [id, owner.id, id, visibility],
  );
  return id;
}

describe('a post', () => {
  it('is read, changed and taken back', async () => {
    const [ann, bob] = await two();
    const made = await post(ann, { text: '  Line one.\nLine <b>two</b>. ' });
    expect(made).toMatchObject({ author: { id: ann.id }, text: 'Line one.\nLine <b>two</b>.', likes: 0 });
    const answer = await bob.ask(`/posts/${made.id}`);
    expect(answer.headers.get('etag')).toBe('"v1"');
    expect(await answer.json()).toEqual(made);
    expect((await put(bob, `/posts/${made.id}`, { text: 'Mine' })).status).toBe(404);
    const changed = await put(ann, `/posts/${made.id}`, { text: 'Better' }, { 'if-match': '"v1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(await changed.json()).toMatchObject({ text: 'Better', editedAt: expect.any(String) });
    expect(
      await problemIn(await put(ann, `/posts/${made.id}`, { text: 'Late' }, { 'if-match': '"v1"' })),
    ).toMatchObject({ status: 412, code: 'version-changed' });
    expect((await remove(bob, `/posts/${made.id}`)).status).toBe(404);
    expect((await remove(ann, `/posts/${made.id}`)).status).toBe(204);
    expect((await remove(ann, `/posts/${made.id}`)).status).toBe(404);
    expect(await seen(ann, made.id)).toBe(404);
    expect(await facts('post.deleted', ann)).toEqual([{ user: ann.id, post: made.id }]);
  });

  it('is made once for an Idempotency-Key', async () => {
    const ann = await enrolOne(door);
    const headers = { 'idempotency-key': 'once' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ann.ask('/posts', { body: { text: 'Once' }, headers })),
    );
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as PostBody).id));
    expect([new Set(ids).size, ...answers.map(({ status }) => status)]).toEqual([1, 201, 201, 201, 201, 201]);
    const other = await ann.ask('/posts', { body: { text: 'Twice' }, headers });
    expect(await problemIn(other)).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
    // Its words stand in no event.
    const [kept] = await door.fixture.rows<{ said: boolean }>(
      `select exists (select from ledger.event where data::text like '%Once%')
         or exists (select from ledger.answer where reply::text like '%Once%') as said`,
    );
    expect(kept).toEqual({ said: false });
  });

  it.each<[string, object, string]>([
    ['nothing', {}, 'text'],
    ['blanks', { text: ' \n ' }, 'text'],
    ['too much text', { text: 'a'.repeat(5_001) }, 'text'],
    ['controls', { text: 'a\u0000b' }, 'text'],
    ['a lone surrogate', { text: 'a\ud800' }, 'text'],
    ['text that turns around', { text: 'a\u202eb' }, 'text'],
    ['a visibility that is none', { text: 'a', visibility: 'friends' }, 'visibility'],
    ['a picture of nobody', { pictures: [randomUUID()] }, 'pictures'],
    ['too many pictures', { pictures: Array.from({ length: 11 }, () => randomUUID()) }, 'pictures'],
    ['an event that is none', { event: randomUUID() }, 'event'],
    ['an artifact of nobody', { artifact: { pipeline: randomUUID(), name: 'video.mp4' } }, 'artifact'],
    ['what it does not know', { text: 'a', likes: 5 }, 'likes'],
  ])('with %s is refused', async (_, body, field) => {
    const ann = await enrolOne(door);
    const problem = await problemIn(await ann.ask('/posts', { body }));
    expect(problem.status).toBe(400);
    expect(problem.errors?.map((error) => error.field)).toContain(field);
  });

  it('is for whom it says, and that of a private account for its followers', async () => {
    const [ann, fan] = await two();
    const [stranger, secret] = [await enrolOne(door), await enrolOne(door, { isPrivate: true })];
    await follow(fan, ann);
    const open = await post(ann, { text: 'All' });
    const close = await post(ann, { text: 'Followers', visibility: 'followers' });
    const hidden = await post(secret, { text: 'Private' });
    const table = [];
    for (const who of [ann, fan, stranger])
      table.push([await seen(who, open.id), await seen(who, close.id), await seen(who, hidden.id)]);
    expect(table).toEqual([
      [200, 200, 404],
      [200, 200, 404],
      [200, 404, 404],
    ]);
    await put(fan, `/users/${secret.id}/follow`);
    expect(await seen(fan, hidden.id)).toBe(404);
    await put(secret, `/users/me/follow-requests/${fan.id}`);
    expect(await seen(fan, hidden.id)).toBe(200);
    const listed = await read<{ posts: PostBody[] }>(stranger, `/posts?author=${ann.id}`);
    expect(listed.posts.map(({ id }) => id)).toEqual([open.id]);
    const everybody = await read<{ posts: PostBody[] }>(stranger, '/posts?limit=100');
    const ids = everybody.posts.map(({ id }) => id);
    expect([ids.includes(open.id), ids.includes(close.id), ids.includes(hidden.id)]).toEqual([
      true,
      false,
      false,
    ]);
    // What one cannot see, one can do nothing with.
    for (const path of ['/like', '/likes', '/comments']) {
      const method = path === '/like' ? 'PUT' : 'GET';
      expect((await stranger.ask(`/posts/${close.id}${path}`, { method })).status).toBe(404);
    }
    const said = await stranger.ask(`/posts/${close.id}/comments`, { body: { text: 'Hm' } });
    expect(said.status).toBe(404);
    await put(ann, `/users/${fan.id}/block`);
    expect([await seen(fan, open.id), await seen(fan, close.id)]).toEqual([404, 404]);
    expect((await read<{ posts: PostBody[] }>(fan, `/posts?author=${ann.id}`)).posts).toEqual([]);
  });

  it('shows pictures of its author’s alone, by links that are good without a token', async () => {
    const [ann, bob] = await two();
    const [first, second, others] = [await pictureOf(ann), await pictureOf(ann), await pictureOf(bob)];
    const made = await post(ann, { pictures: [second, first] });
    expect(made.pictures.map(({ id }) => id)).toEqual([second, first]);
    expect(made.pictures[0]?.sizes[0]?.href).toMatch(new RegExp(`^/media/${second}/small\\?.*signature=`));
    expect((await ann.ask('/posts', { body: { pictures: [others] } })).status).toBe(400);
    await put(ann, `/posts/${made.id}`, { text: 'One', pictures: [first] });
    const unused = await door.fixture.rows<{ id: string }>(
      'select id from people.picture where owner = $1 and unused_since is not null',
      [ann.id],
    );
    expect(unused).toEqual([{ id: second }]);
    await remove(ann, `/posts/${made.id}`);
    const left = await door.fixture.rows('select from people.picture_use where used_by = $1', [made.id]);
    expect(left).toEqual([]);
  });

  it('links an event that its author sees', async () => {
    const [ann, bob] = await two();
    const [open, secret] = [await eventOf(bob, 'public'), await eventOf(bob, 'invited')];
    expect((await post(ann, { text: 'Come', event: open })).event).toBe(open);
    expect((await ann.ask('/posts', { body: { event: secret } })).status).toBe(400);
    expect((await post(bob, { text: 'Come', event: secret })).event).toBe(secret);
  });

  it('gives what its author’s run made to whoever sees it', async () => {
    const [ann, bob] = await two();
    const pipeline = await door.start(ann.id);
    const { work } = door;
    await work('keyword-fetch', { files: { 'video.mp4': { bytes: 'a film', type: 'video/mp4' } } });
    const artifact = { pipeline, name: 'video.mp4' };
    const [run] = await door.fixture.rows<{ state: string }>(
      `update ledger.run set state = 'running' where id = $1 returning state`,
      [pipeline],
    );
    expect(run?.state).toBe('running');
    expect((await ann.ask('/posts', { body: { artifact } })).status).toBe(400);
    await door.fixture.rows(`update ledger.run set state = 'completed' where id = $1`, [pipeline]);
    expect((await bob.ask('/posts', { body: { artifact } })).status).toBe(400);
    expect((await ann.ask('/posts', { body: { artifact: { ...artifact, name: 'x' } } })).status).toBe(400);
    const { id } = await post(ann, { artifact });
    const { artifact: shown } = await read<PostBody>(bob, `/posts/${id}`);
    expect(shown).toMatchObject({ name: 'video.mp4', type: 'video/mp4', bytes: 6 });
    const film = await door.ask(shown?.href ?? '');
    expect([film.status, await film.text()]).toEqual([200, 'a film']);
    // The path alone is nobody else's.
    expect((await bob.ask(`/api/pipelines/${pipeline}/artifacts/video.mp4`)).status).toBe(404);
  });

  it('names those who see it, once', async () => {
    const [ann, bob] = await two();
    const [foe, carol] = await two();
    await put(foe, `/users/${ann.id}/block`);
    const text = `@${bob.handle.toUpperCase()}, @${bob.handle} and @${foe.handle}: a@${carol.handle}.org @nobody_at_all`;
    const made = await post(ann, { text });
    expect(made.mentions.map(({ id }) => id)).toEqual([bob.id]);
    await put(ann, `/posts/${made.id}`, { text: `@${bob.handle} @${carol.handle}` });
    expect(await facts('user.mentioned', bob)).toEqual([{ user: bob.id, by: ann.id, post: made.id }]);
    expect(await facts('user.mentioned', carol)).toHaveLength(1);
    expect(await facts('user.mentioned', foe)).toEqual([]);
    const close = await post(ann, { text: `@${bob.handle}`, visibility: 'followers' });
    expect(close.mentions).toEqual([]);
  });
});

describe('likes', () => {
  it('are counted exactly when fifty like and change their minds at once', async () => {
    const ann = await enrolOne(door);
    const fans = await enrol(door, 50);
    const { id } = await post(ann, { text: 'Like me' });
    await Promise.all(
      fans.flatMap((fan, index) => [
        put(fan, `/posts/${id}/like`),
        put(fan, `/posts/${id}/like`),
        index % 3 === 0 ? remove(fan, `/posts/${id}/like`) : put(fan, `/posts/${id}/like`),
      ]),
    );
    const rows = await door.fixture.rows('select from people.post_like where post = $1', [id]);
    expect(rows.length).toBeGreaterThanOrEqual(33);
    expect(await read<PostBody>(ann, `/posts/${id}`)).toMatchObject({ likes: rows.length, liked: false });
    const first = await read<{ users: unknown[]; links: { next?: string } }>(
      ann,
      `/posts/${id}/likes?limit=30`,
    );
    const next = await read<{ users: unknown[] }>(ann, first.links.next ?? '');
    expect([first.users.length, next.users.length]).toEqual([30, rows.length - 30]);
    await Promise.all(fans.map((fan) => remove(fan, `/posts/${id}/like`)));
    expect(await read<PostBody>(ann, `/posts/${id}`)).toMatchObject({ likes: 0 });
  }, 60_000);

  it('tell the author once, and nobody of his own', async () => {
    const [ann, bob] = await two();
    const { id } = await post(ann, { text: 'Hello' });
    for (const who of [bob, bob, ann]) expect((await put(who, `/posts/${id}/like`)).status).toBe(204);
    expect(await read<PostBody>(bob, `/posts/${id}`)).toMatchObject({ likes: 2, liked: true });
    expect(await facts('post.liked', ann)).toEqual([{ user: ann.id, by: bob.id, post: id }]);
    await door.fixture.rows('delete from people.account where id = $1', [bob.id]);
    expect(await read<PostBody>(ann, `/posts/${id}`)).toMatchObject({ likes: 1 });
  });
});

describe('comments', () => {
  it('are said, listed newest first, and taken back by who wrote them or whose post it is', async () => {
    const [ann, bob] = await two();
    const carol = await enrolOne(door);
    const { id } = await post(ann, { text: 'Say something' });
    const path = `/posts/${id}/comments`;
    const say = async (who: Enrolled, text: string) => {
      const answer = await who.ask(path, { body: { text } });
      expect(answer.status).toBe(201);
      return ((await answer.json()) as { id: string }).id;
    };
    const said = [
      await say(bob, 'First'),
      await say(carol, `@${bob.handle} @${ann.handle} second`),
      await say(ann, 'Third'),
    ];
    await door.fixture.rows(`update people.post_comment set created_at = '2026-01-02' where post = $1`, [id]);
    const listed: string[] = [];
    for (let next: string | undefined = `${path}?limit=2`; next !== undefined; ) {
      const page: { comments: { id: string }[]; links: { next?: string } } = await read(bob, next);
      listed.push(...page.comments.map((comment) => comment.id));
      next = page.links.next;
    }
    expect(listed).toEqual(said.toSorted().reverse());
    expect(await read<PostBody>(bob, `/posts/${id}`)).toMatchObject({ comments: 3 });
    expect(await facts('post.commented', ann)).toHaveLength(2);
    // The author hears of a comment once.
    expect(await facts('user.mentioned', ann)).toEqual([]);
    expect(await facts('user.mentioned', bob)).toEqual([
      { user: bob.id, by: carol.id, post: id, comment: said[1] },
    ]);
    expect((await remove(carol, `${path}/${said[0]}`)).status).toBe(404);
    expect((await remove(bob, `${path}/${said[0]}`)).status).toBe(204);
    expect((await remove(ann, `${path}/${said[1]}`)).status).toBe(204);
    expect((await remove(ann, `${path}/${said[1]}`)).status).toBe(404);
    expect(await read<PostBody>(bob, `/posts/${id}`)).toMatchObject({ comments: 1 });
  });

  it.each([
    ['nothing', { text: '' }],
    ['too much', { text: 'a'.repeat(2_001) }],
    ['controls', { text: '\u0007' }],
    ['a number', { text: 5 }],
  ])('of %s are refused', async (_, body) => {
    const ann = await enrolOne(door);
    const { id } = await post(ann, { text: 'Say' });
    const problem = await problemIn(await ann.ask(`/posts/${id}/comments`, { body }));
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'text' }] });
  });
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
