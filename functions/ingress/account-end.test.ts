import { afterAll, expect, it } from 'vitest';
import { createLedgerRetention } from '#shared/ledger';
import { lengthenWaits } from '../../test/long-waits.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer, PASSWORD, peopleAt, somebody } from './testing/people.ts';

const door = await openFrontDoor();
await lengthenWaits(door.fixture);
const { post, registered, signedIn } = peopleAt(door);
afterAll(() => door.close());

interface Export {
  readonly account: { readonly email: string };
  readonly sessions: readonly { readonly id: string }[];
  readonly runs: readonly { readonly id: string; readonly input: { readonly topic?: string } }[];
  readonly further?: { readonly kind: string; readonly entries: readonly unknown[] };
  readonly links: { readonly next?: string };
}

it.each(['/users/me', '/api/v1/users/account'])(
  'somebody takes his data and deletes his account at %s; others keep theirs',
  async (path) => {
    const [who, other] = [await registered(), await registered()];
    const [tokens, others] = [await signedIn(who), await signedIn(other)];
    const begin = (topic: string, by: typeof tokens) =>
      door.ask('/api/pipelines', { headers: bearer(by), body: { topic } });
    for (let run = 0; run < 53; run += 1) await begin(`My own idea ${run}`, tokens);
    await begin('Another idea', others);

    const taken: Export[] = [];
    let next: string | undefined = '/users/me/export';
    while (next !== undefined && taken.length < 20) {
      const page = (await (await door.ask(next, { headers: bearer(tokens) })).json()) as Export;
      taken.push(page);
      next = page.links.next;
    }
    expect(taken.flatMap(({ further }) => (further === undefined ? [] : [further.kind]))).toContain('mails');
    expect(taken[0]).toMatchObject({ account: { email: who.email }, sessions: [{ id: tokens.session }] });
    const topics = taken.flatMap(({ runs }) => runs.map(({ input }) => input.topic));
    expect(topics.sort()).toEqual(Array.from({ length: 53 }, (_, run) => `My own idea ${run}`).sort());

    const end = (password: string) =>
      door.ask(path, { method: 'DELETE', headers: bearer(tokens), body: { password } });
    expect(await problemIn(await end('not my password'))).toMatchObject({
      status: 403,
      code: 'password-wrong',
    });
    expect((await end(PASSWORD)).status).toBe(202);
    // His token went with his sessions.
    expect((await end(PASSWORD)).status).toBe(401);
    expect((await post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
    expect((await post('/auth/login', { email: who.email, password: PASSWORD })).status).toBe(401);

    const retention = createLedgerRetention({ pool: door.fixture.pool });
    expect((await retention.listErasures()).map(({ account }) => account)).toContain(who.id);
    for (let finished = false; !finished; ) {
      const doomed = await retention.doomedRuns({ account: who.id, limit: 100 });
      ({ finished } = await retention.eraseRuns({ account: who.id, runs: doomed.map(({ run }) => run) }));
    }
    const [dump] = await door.fixture.rows<{ all: string }>(
      `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d),
         (select string_agg(a::text, '') from ledger.answer a), (select string_agg(r::text, '') from ledger.run r),
         (select string_agg(a::text, '') from people.account a), (select string_agg(s::text, '') from people.session s)) as all`,
    );
    for (const word of ['My own idea', who.email, `${who.handle},`]) expect(dump?.all).not.toContain(word);
    expect(dump?.all).toContain('Another idea');
    expect((await door.ask('/users/me', { headers: bearer(others) })).status).toBe(200);
    // What he was called is free again.
    expect((await post('/auth/register', { ...somebody(), handle: who.handle })).status).toBe(201);
  },
  60_000,
);

it('is not guessed at with a stolen token', async () => {
  const tokens = await signedIn(await registered());
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 7; attempt += 1)
    statuses.push(
      (
        await door.ask('/users/me', {
          method: 'DELETE',
          headers: bearer(tokens),
          body: { password: `guess ${attempt}` },
        })
      ).status,
    );
  expect(statuses).toEqual([403, 403, 403, 403, 403, 403, 429]);
});

it('goes whole by the path that erases what a token made, for its password', async () => {
  const who = await registered();
  const tokens = await signedIn(who);
  const end = (body?: object) =>
    door.ask('/api/account', {
      method: 'DELETE',
      headers: bearer(tokens),
      ...(body === undefined ? {} : { body }),
    });
  expect(await problemIn(await end())).toMatchObject({ status: 403, code: 'password-needed' });
  expect(await problemIn(await end({ password: 'not my password' }))).toMatchObject({
    status: 403,
    code: 'password-wrong',
  });
  await post('/auth/login', { email: who.email, password: 'a wrong guess' });
  const ended = await end({ password: PASSWORD });
  expect(ended.status).toBe(202);
  expect(await ended.json()).toMatchObject({ account: who.id });
  const [left] = await door.fixture.rows<{ accounts: number; letters: number; guesses: number }>(
    `select (select count(*)::int from people.account where id = $1) as accounts,
       (select count(*)::int from people.letter where account = $1) as letters,
       (select count(*)::int from people.guess where key = sha256(convert_to('account:' || $2, 'utf8'))) as guesses`,
    [who.id, who.email],
  );
  expect(left).toEqual({ accounts: 0, letters: 0, guesses: 0 });
  expect((await post('/auth/login', { email: who.email, password: PASSWORD })).status).toBe(401);
});

it('is gone for all others at once, whatever of it is still to be erased', async () => {
  const [who, friend] = [await registered(), await registered()];
  const [his, theirs] = [bearer(await signedIn(who)), bearer(await signedIn(friend))];
  const ask = (by: object, path: string, method = 'GET', body?: object) =>
    door.ask(path, { method, headers: { ...by }, ...(body === undefined ? {} : { body }) });
  const made = async <Made>(answer: Promise<Response>): Promise<Made> =>
    (await (await answer).json()) as Made;
  const { id: post } = await made<{ id: string }>(ask(his, '/posts', 'POST', { text: 'I was here' }));
  const { id: event } = await made<{ id: string }>(
    ask(his, '/events', 'POST', { title: 'Tea', starts: '2030-05-04', ends: '2030-05-05' }),
  );
  await ask(theirs, `/users/${who.id}/follow`, 'PUT');
  await ask(his, `/users/${friend.id}/follow`, 'PUT');
  const { id: conversation } = await made<{ id: string }>(
    ask(his, '/messages/conversations', 'POST', { kind: 'direct', with: friend.id }),
  );
  await ask(his, '/messages', 'POST', { conversation, text: 'Goodbye' });
  const here = async () => ({
    profile: (await ask(theirs, `/users/${who.id}`)).status,
    post: (await ask(theirs, `/posts/${post}`)).status,
    event: (await ask(theirs, `/events/${event}`)).status,
    feed: (await made<{ items: unknown[] }>(ask(theirs, '/feed'))).items.length,
    followers: (await made<{ users: unknown[] }>(ask(theirs, `/users/${friend.id}/followers`))).users.length,
    found: (await made<{ users: unknown[] }>(ask(theirs, `/users?search=${who.handle}`))).users.length,
    authors: (
      await made<{ messages: { author: { id: string } | null; text: string }[] }>(
        ask(theirs, `/messages?conversation=${conversation}`),
      )
    ).messages.map(({ author, text }) => [author?.id ?? null, text]),
  });
  const there = { profile: 200, post: 200, event: 200, feed: 2, followers: 1, found: 1 };
  expect(await here()).toEqual({ ...there, authors: [[who.id, 'Goodbye']] });
  expect((await ask(his, '/users/me', 'DELETE', { password: PASSWORD })).status).toBe(202);
  const [kept] = await door.fixture.rows('select author from people.post where id = $1', [post]);
  expect(kept).toEqual({ author: who.id });
  const gone = { profile: 404, post: 404, event: 404, feed: 0, followers: 0, found: 0 };
  expect(await here()).toEqual({ ...gone, authors: [[null, 'Goodbye']] });
  expect((await ask(theirs, `/users/${who.id}/follow`, 'PUT')).status).toBe(404);
});
