import { afterAll, describe, expect, it } from 'vitest';
import { type Enrolled, enrol, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { type PostBody, postingAt } from './testing/posting.ts';

const door = await openFrontDoor();
const { post, read, put, remove, facts, two } = postingAt(door);
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
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
