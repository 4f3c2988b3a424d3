import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type Enrolled, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { type PostBody, postingAt } from './testing/posting.ts';

const door = await openFrontDoor();
const { post, read, put, remove, follow, facts, two, eventOf } = postingAt(door);
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

const seen = async (who: Enrolled, id: string) => (await who.ask(`/posts/${id}`)).status;

async function pictureOf(owner: Enrolled): Promise<string> {
  const id = randomUUID();
  await door.fixture.rows(
    `insert into people.picture (id, owner, state, width, height, sizes, cleaned)
     values ($1, $2, 'ready', 400, 300, '[{"name":"small","width":320,"height":240,"bytes":5}]', true)`,
    [id, owner.id],
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
