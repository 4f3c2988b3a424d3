import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lengthenWaits } from '../../test/long-waits.ts';
import { timesApart } from '../../test/times-apart.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer, PASSWORD, peopleAt, somebody, type Tokens } from './testing/people.ts';

const door = await openFrontDoor();
await lengthenWaits(door.fixture);
afterAll(() => door.close());

const { post, registered, signedIn } = peopleAt(door);

const refresh = (refreshToken: string) => post('/auth/refresh', { refreshToken });
const sessionsOf = async (tokens: Tokens) => {
  const answer = await door.ask('/auth/sessions', { headers: bearer(tokens) });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { sessions: { id: string; client: string }[] }).sessions;
};

describe.each(['/auth', '/api/v1/auth'])('under %s', (base) => {
  it('somebody registers, signs in, works with the token, and signs out', async () => {
    const who = somebody();
    const made = await post(`${base}/register`, { ...who, email: who.email.toUpperCase(), name: '  Ada ' });
    expect(made.status).toBe(201);
    const account = (await made.json()) as { id: string };
    expect(account).toMatchObject({ email: who.email, handle: who.handle, name: 'Ada', roles: ['user'] });
    const login = await post(
      `${base}/login`,
      { email: ` ${who.email}`, password: PASSWORD },
      { 'user-agent': 'a phone\u00e9' },
    );
    expect(login.status).toBe(200);
    const tokens = (await login.json()) as Tokens;
    expect(tokens).toMatchObject({ user: account.id, tokenType: 'Bearer', expiresIn: 900 });
    expect(await sessionsOf(tokens)).toMatchObject([{ id: tokens.session, client: 'a phone' }]);
    const pipeline = await door.ask('/api/pipelines', {
      headers: bearer(tokens),
      body: { topic: 'Why the sea is salt' },
    });
    expect(pipeline.status).toBe(202);
    const keys = (await (await door.ask('/.well-known/jwks.json')).json()) as { keys: { kid: string }[] };
    const [head = ''] = tokens.accessToken.split('.');
    expect(keys.keys.map(({ kid }) => kid)).toContain(
      (JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string }).kid,
    );
    const { refreshToken } = tokens;
    expect((await post(`${base}/logout`, { refreshToken })).status).toBe(204);
    expect((await post(`${base}/logout`, { refreshToken })).status).toBe(204);
    expect(await problemIn(await refresh(refreshToken))).toMatchObject({ status: 401, code: 'session-over' });
  });
});

describe('registering', () => {
  it.each([
    ['no e-mail address', { email: 'person' }, 'email'],
    ['one with a line break', { email: 'a@b.org\r\nBcc: c@d.org' }, 'email'],
    ['one that is too long', { email: `${'a'.repeat(250)}@b.org` }, 'email'],
    ['a short password', { password: 'short' }, 'password'],
    ['a password of one character', { password: 'aaaaaaaaaaaa' }, 'password'],
    ['a long password', { password: 'ab1!'.repeat(51) }, 'password'],
    ['a handle with a Cyrillic letter', { handle: 'p\u0430ypal' }, 'handle'],
    ['a handle in full-width letters', { handle: '\uff50aypal' }, 'handle'],
    ['a handle with an accent', { handle: 'zo\u00eb' }, 'handle'],
    ['a handle with a space between', { handle: 'a b c' }, 'handle'],
    ['a handle that begins with a digit', { handle: '1abc' }, 'handle'],
    ['a reserved handle', { handle: 'Admin' }, 'handle'],
    ['a short handle', { handle: 'ab' }, 'handle'],
    ['a name that turns around', { name: 'a\u202eb' }, 'name'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
    ['a name without a letter', { name: '...' }, 'name'],
    ['a role', { roles: ['admin'] }, 'roles'],
    ['a number', { password: 12345678901 }, 'password'],
  ])('refuses %s', async (_, wrong, field) => {
    const problem = await problemIn(await post('/auth/register', { ...somebody(), ...wrong }));
    expect(problem).toMatchObject({ status: 400, code: 'request-invalid' });
    expect(problem.errors?.map((error) => error.field)).toContain(field);
  });

  it('refuses a password that is one’s own name', async () => {
    const who = { ...somebody(), password: 'PERSON_1 person_1' };
    expect(await problemIn(await post('/auth/register', { ...who, handle: 'person_1' }))).toMatchObject({
      status: 400,
      code: 'password-guessable',
    });
  });

  it('refuses an address and a handle that somebody has, in any case', async () => {
    const first = await registered();
    const other = somebody();
    expect(await problemIn(await post('/auth/register', { ...other, email: first.email }))).toMatchObject({
      status: 409,
      code: 'email-taken',
    });
    expect(
      await problemIn(await post('/auth/register', { ...other, handle: first.handle.toUpperCase() })),
    ).toMatchObject({ status: 409, code: 'handle-taken', errors: [{ field: 'handle' }] });
  });

  it('gives a handle to one of twenty who want it at once', async () => {
    const { handle } = somebody();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/auth/register', { ...somebody(), handle })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    for (const answer of answers)
      if (answer.status === 409) expect((await problemIn(answer)).code).toBe('handle-taken');
    const rows = await door.fixture.rows('select from people.account where handle = $1', [handle]);
    expect(rows).toHaveLength(1);
  });

  it('is done once for an Idempotency-Key, which is each one’s own', async () => {
    const who = somebody();
    const headers = { 'idempotency-key': 'once' };
    const first = await post('/auth/register', who, headers);
    const again = await post('/auth/register', who, headers);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
    expect(
      await problemIn(await post('/auth/register', { ...who, password: `${PASSWORD}!` }, headers)),
    ).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
    expect((await post('/auth/register', somebody(), headers)).status).toBe(201);
  });
});

describe('signing in', () => {
  it('answers a wrong password and an unknown address alike', async () => {
    const who = await registered();
    const answers = await Promise.all(
      [
        { email: who.email, password: 'something else' },
        { email: 'nobody@example.org', password: PASSWORD },
        { email: 'no address', password: PASSWORD },
      ].map(async (body) => {
        const { instance: _, ...problem } = await problemIn(await post('/auth/login', body));
        return problem;
      }),
    );
    expect(answers[0]).toMatchObject({ status: 401, code: 'credentials-wrong' });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it.each(['a\u0000@b.org', '\ud800@b.org', "a' or 1=1 --@b.org", '<script>@b.org', 'ſ@b.org'])(
    'refuses %j as it refuses everybody',
    async (email) => {
      for (const password of [PASSWORD, '\u0000', '\ud800'])
        expect((await post('/auth/login', { email, password })).status).toBe(401);
      const { detail } = await problemIn(await post('/auth/register', { ...somebody(), email }));
      expect(detail).toContain('email');
    },
  );

  it('takes as long for an unknown address as for a wrong password', async () => {
    const who = await registered();
    const fails = (email: string) => async () => {
      await door.fixture.rows('truncate people.guess');
      await (await post('/auth/login', { email, password: 'wrong enough' })).text();
    };
    const [one, other] = [fails(who.email), fails('never@example.org')];
    // Without the work of the password it would be ten times.
    expect(await timesApart({ one, other, rounds: 15, most: 2 })).toBeLessThan(2);
  });

  it('makes guessing slow, for who exists and who does not, and forgets it after a right password', async () => {
    const who = await registered();
    const guess = (email: string) => post('/auth/login', { email, password: 'wrong enough' });
    const known: number[] = [];
    const unknown: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      known.push((await guess(who.email)).status);
      unknown.push((await guess('ghost@example.org')).status);
    }
    expect(known).toEqual([401, 401, 401, 401, 401, 401, 429]);
    expect(unknown).toEqual(known);
    // A second each, and the minute of this test.
    const waits = await door.fixture.rows(
      `select extract(epoch from blocked_until - last_at)::int as seconds from people.guess
       where blocked_until > last_at + interval '500 ms'`,
    );
    expect(waits).toEqual([{ seconds: 61 }, { seconds: 61 }]);
    // Also the right one, until the time is up; more questions make it no longer.
    const refused = await post('/auth/login', { email: who.email, password: PASSWORD });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(61);
    expect(await problemIn(refused)).toMatchObject({ status: 429, code: 'guesses-too-many' });
    await door.fixture.rows("update people.guess set blocked_until = now() - interval '1 second'");
    await signedIn(who);
    expect((await guess(who.email)).status).toBe(401);
    await door.fixture.rows('truncate people.guess');
  });

  it('lets no more through when all guesses come at once', async () => {
    const who = await registered();
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        post('/auth/login', { email: who.email, password: `guess ${index}!` }),
      ),
    );
    const tried = answers.filter(({ status }) => status === 401);
    expect(tried).toHaveLength(6);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(19);
    await door.fixture.rows('truncate people.guess');
  });

  it('counts the guesses of one address at many accounts', async () => {
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 33; attempt += 1)
      statuses.add(
        (await post('/auth/login', { email: `p${attempt}@example.org`, password: 'wrong' })).status,
      );
    expect([...statuses].sort()).toEqual([401, 429]);
    await door.fixture.rows('truncate people.guess');
  }, 120_000);
});

describe('a refresh token', () => {
  it('is good once; the next one goes on', async () => {
    const first = await signedIn(await registered());
    const answer = await refresh(first.refreshToken);
    expect(answer.status).toBe(200);
    const next = (await answer.json()) as Tokens;
    expect(next).toMatchObject({ user: first.user, session: first.session });
    expect(next.refreshToken).not.toBe(first.refreshToken);
    expect((await refresh(next.refreshToken)).status).toBe(200);
  });

  it('that comes a second time ends its session, and no other', async () => {
    const who = await registered();
    const [stolen, elsewhere] = [await signedIn(who), await signedIn(who)];
    const next = (await (await refresh(stolen.refreshToken)).json()) as Tokens;
    expect(await problemIn(await refresh(stolen.refreshToken))).toMatchObject({
      status: 401,
      code: 'refresh-token-reused',
    });
    expect(await problemIn(await refresh(next.refreshToken))).toMatchObject({ code: 'session-over' });
    expect((await sessionsOf(elsewhere)).map(({ id }) => id)).toEqual([elsewhere.session]);
    const [ended] = await door.fixture.rows<{ data: object }>(
      "select data from ledger.event where type = 'session.ended' and data->>'session' = $1",
      [stolen.session],
    );
    expect(ended?.data).toEqual({ user: stolen.user, session: stolen.session, why: 'reuse' });
  });

  it('shown by twenty at once is good for one, and its session is over', async () => {
    const { refreshToken } = await signedIn(await registered());
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
    const next = (await good[0]?.json()) as Tokens;
    expect((await refresh(next.refreshToken)).status).toBe(401);
  });

  it.each(['', 'x', `mrr_${'A'.repeat(86)}`, `mrr_${'A'.repeat(85)}`, 'x'.repeat(200)])(
    'that is none is refused: %j',
    async (refreshToken) => {
      expect([400, 401]).toContain((await refresh(refreshToken)).status);
    },
  );

  it('expires', async () => {
    const { refreshToken } = await signedIn(await registered());
    await door.fixture.rows("update people.session set expires_at = now() - interval '1 second'");
    expect(await problemIn(await refresh(refreshToken))).toMatchObject({ code: 'session-over' });
  });
});

describe('sessions', () => {
  it('are each one’s own to end', async () => {
    const who = await registered();
    const [here, lost] = [await signedIn(who), await signedIn(who)];
    const stranger = await signedIn(await registered());
    const end = (id: string, by: Tokens) =>
      door.ask(`/auth/sessions/${id}`, { method: 'DELETE', headers: bearer(by) });
    const denied = await problemIn(await end(lost.session, stranger));
    expect(denied).toMatchObject({ status: 404 });
    expect((await problemIn(await end(randomUUID(), stranger))).detail).toBe(denied.detail);
    expect((await end('no-id', stranger)).status).toBe(404);
    expect((await end(lost.session, here)).status).toBe(204);
    expect((await end(lost.session, here)).status).toBe(404);
    expect((await refresh(lost.refreshToken)).status).toBe(401);
    expect((await sessionsOf(here)).map(({ id }) => id)).toEqual([here.session]);
  });

  it('of a token that the operator made are none', async () => {
    const answer = await door.ask('/auth/sessions', { as: 'operator' });
    expect(await answer.json()).toEqual({ sessions: [] });
    const ended = await door.ask(`/auth/sessions/${randomUUID()}`, { as: 'operator', method: 'DELETE' });
    expect(ended.status).toBe(404);
  });
});

describe('what is kept', () => {
  let tokens: Tokens;
  let who: { email: string; handle: string };
  beforeAll(async () => {
    who = await registered({ ...somebody(), password: 'a very distinct secret' });
    tokens = await signedIn({ email: who.email, password: 'a very distinct secret' });
    await refresh(tokens.refreshToken);
  });

  it('holds no password and no token, and the ledger nobody’s name', async () => {
    const [dump] = await door.fixture.rows<{ ledger: string; people: string }>(
      `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d),
         (select string_agg(a::text, '') from ledger.answer a), (select string_agg(r::text, '') from ledger.run r)) as ledger,
       concat((select string_agg(a::text, '') from people.account a), (select string_agg(s::text, '') from people.session s),
         (select string_agg(g::text, '') from people.guess g)) as people`,
    );
    const all = `${dump?.ledger}${dump?.people}${door.lines.join('')}`;
    expect(dump?.people).toContain(who.email);
    expect(dump?.ledger).toContain(tokens.session);
    for (const secret of ['a very distinct secret', tokens.refreshToken.slice(4), tokens.accessToken])
      expect(all).not.toContain(secret);
    for (const personal of [who.email, who.handle])
      expect(`${dump?.ledger}${door.lines.join('')}`).not.toContain(personal);
  });
});
