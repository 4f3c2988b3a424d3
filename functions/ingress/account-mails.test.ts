import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountLetters } from '#shared/accounts';
import { createFolderMail, createLetters } from '#shared/mail';
import { createTestBench, type TestBench } from '../../test/function-harness.ts';
import { lengthenWaits } from '../../test/long-waits.ts';
import { timesApart } from '../../test/times-apart.ts';
import sendEmail from '../social/send-email/function.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer, PASSWORD, peopleAt, somebody, type Tokens } from './testing/people.ts';

const door = await openFrontDoor();
await lengthenWaits(door.fixture);
const { post, registered, signedIn } = peopleAt(door);
const NEW = 'another quiet evening';

let bench: TestBench;
let folder = '';
beforeAll(async () => {
  bench = await createTestBench();
  folder = await mkdtemp(join(tmpdir(), 'millrace mails '));
});
afterAll(async () => {
  await bench.remove();
  await rm(folder, { recursive: true, force: true });
  await door.close();
});

interface Mailed {
  readonly to: string;
  readonly subject: string;
  readonly token: string;
}

/** Sends what was asked for last, as the queue would; undefined where nothing was to be sent. */
async function mailed(user: string): Promise<Mailed | undefined> {
  const [asked] = await door.fixture.rows<{ data: { user: string; template: string; reference: string } }>(
    `select data from ledger.event where type = 'mail.requested' and ($1 = '' or data->>'user' = $1)
     order by recorded_at desc limit 1`,
    [user],
  );
  if (asked === undefined) throw new Error('no mail was asked for');
  const box = await mkdtemp(join(folder, 'box '));
  const { pool } = door.fixture;
  await bench.run({
    definition: sendEmail,
    events: [{ type: 'mail.requested', data: asked.data }],
    ports: {
      letters: createLetters({ templates: accountLetters({ pool, publicUrl: 'https://example.org' }) }),
      mail: createFolderMail({ folder: box, from: { name: 'Mill', address: 'mill@example.org' } }),
    },
  });
  const [name] = await readdir(box).catch(() => []);
  if (name === undefined) return undefined;
  const raw = (await readFile(join(box, name), 'utf8')).replaceAll(/=\r?\n/g, '');
  return {
    to: /^To: (.*)$/m.exec(raw)?.[1]?.trim() ?? '',
    subject: /^Subject: (.*)$/m.exec(raw)?.[1]?.trim() ?? '',
    token: /#(mrl_[\w-]{64})/.exec(raw)?.[1] ?? '',
  };
}

const me = async (tokens: Tokens) =>
  (await (await door.ask('/users/me', { headers: bearer(tokens) })).json()) as {
    email: string;
    emailVerified: boolean;
  };
const put = (path: string, tokens: Tokens, body: object) =>
  door.ask(path, { method: 'PUT', headers: bearer(tokens), body });
const freely = () => door.fixture.rows('truncate people.guess');

describe('an address', () => {
  it('is confirmed by the link that was mailed at registration, once', async () => {
    const who = await registered();
    const tokens = await signedIn(who);
    const letter = await mailed(who.id);
    expect(letter).toMatchObject({ to: who.email, subject: 'Confirm your e-mail address' });
    expect(await me(tokens)).toMatchObject({ emailVerified: false });
    const confirm = () => post('/auth/verify-email', { token: letter?.token ?? '' });
    const answers = await Promise.all(Array.from({ length: 10 }, confirm));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      204,
      ...Array.from({ length: 9 }, () => 400),
    ]);
    expect(await problemIn(await confirm())).toMatchObject({ code: 'mailed-token-invalid' });
    expect(await me(tokens)).toMatchObject({ emailVerified: true });
    // Sent again by a crash after that, it says nothing more.
    expect(await mailed(who.id)).toBeUndefined();
  });

  it('is asked again, a few times; each mail that came is good', async () => {
    const who = await registered();
    const tokens = await signedIn(who);
    const first = await mailed(who.id);
    const ask = () => door.ask('/auth/verify-email/request', { method: 'POST', headers: bearer(tokens) });
    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 202, 429]);
    const next = await mailed(who.id);
    const again = await mailed(who.id);
    expect(new Set([first?.token, next?.token, again?.token]).size).toBe(3);
    expect((await post('/auth/verify-email', { token: next?.token })).status).toBe(204);
    // Another copy of the same letter is used up with it.
    expect((await post('/auth/verify-email', { token: again?.token })).status).toBe(400);
    expect((await ask()).status).toBe(202);
    await freely();
  });

  it('is changed once the new one has answered, and the old one is told', async () => {
    const who = await registered();
    const tokens = await signedIn(who);
    const stale = await mailed(who.id);
    const { email } = somebody();
    const change = (password: string) => put('/users/me/email', tokens, { email, password });
    expect(await problemIn(await change('wrong enough'))).toMatchObject({
      status: 403,
      code: 'password-wrong',
    });
    expect((await change(PASSWORD)).status).toBe(202);
    expect(await me(tokens)).toMatchObject({ email: who.email });
    const letter = await mailed(who.id);
    expect(letter?.to).toBe(email);
    expect((await post('/auth/verify-email', { token: letter?.token })).status).toBe(204);
    expect(await me(tokens)).toMatchObject({ email, emailVerified: true });
    expect(await mailed(who.id)).toMatchObject({
      to: who.email,
      subject: 'Your account has another e-mail address now',
    });
    // The link that went to the old one would take him back.
    expect((await post('/auth/verify-email', { token: stale?.token })).status).toBe(400);
    expect((await post('/auth/login', { email: who.email, password: PASSWORD })).status).toBe(401);
    await signedIn({ email, password: PASSWORD });
    await freely();
  });

  it('of somebody else is not taken, whoever asked first', async () => {
    const [who, other] = [await registered(), somebody()];
    const tokens = await signedIn(who);
    expect((await put('/users/me/email', tokens, { email: other.email, password: PASSWORD })).status).toBe(
      202,
    );
    const letter = await mailed(who.id);
    await registered(other);
    expect(await problemIn(await post('/auth/verify-email', { token: letter?.token }))).toMatchObject({
      status: 409,
      code: 'email-taken',
    });
    expect(await me(tokens)).toMatchObject({ email: who.email });
    await freely();
  });

  it.each([
    '',
    'x',
    `mrl_${'A'.repeat(64)}`,
    `mrl_${'A'.repeat(63)}`,
    `mrr_${'A'.repeat(64)}`,
    'é'.repeat(200),
  ])('is not confirmed by %j', async (token) => {
    expect((await post('/auth/verify-email', { token })).status).toBe(400);
    expect((await post('/auth/password/reset', { token, password: NEW })).status).toBe(400);
  });
});

describe('a forgotten password', () => {
  const forgot = (email: string) => post('/auth/password/forgot', { email });
  const reset = (token: string | undefined, password = NEW) =>
    post('/auth/password/reset', { token, password });

  it('is replaced by whoever reads the mail, once; every session ends', async () => {
    const who = await registered();
    const tokens = await signedIn(who);
    expect((await forgot(` ${who.email.toUpperCase()}`)).status).toBe(202);
    const letter = await mailed(who.id);
    expect(letter).toMatchObject({ to: who.email, subject: 'Choose a new password' });
    expect(await problemIn(await reset(letter?.token, `${who.handle} ${who.handle}`))).toMatchObject({
      code: 'password-guessable',
    });
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => reset(letter?.token, `${NEW} ${index}`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400, 400, 400, 400]);
    const winner = answers.findIndex(({ status }) => status === 204);
    expect((await door.ask('/users/me', { headers: bearer(tokens) })).status).toBe(401);
    expect((await post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
    expect((await post('/auth/login', { email: who.email, password: PASSWORD })).status).toBe(401);
    const fresh = await signedIn({ email: who.email, password: `${NEW} ${winner}` });
    expect(await me(fresh)).toMatchObject({ emailVerified: true });
    expect(await mailed(who.id)).toMatchObject({ to: who.email, subject: 'Your password was changed' });
    await freely();
  });

  it('is asked for alike, and in the same time, for an address that nobody has', async () => {
    const who = await registered();
    const asks = (email: string) => async () => {
      await freely();
      const answer = await forgot(email);
      expect([answer.status, await answer.text()]).toEqual([202, '']);
    };
    const [one, other] = [asks(who.email), asks('never@example.org')];
    expect(await timesApart({ one, other, rounds: 11, most: 3.3 })).toBeLessThan(3.3);
    // What was written for nobody is found out by who would send it.
    expect((await forgot('no address at all')).status).toBe(202);
    expect(await mailed('')).toBeUndefined();
    const rows = await door.fixture.rows<{ kept: string }>(
      `select concat(e::text, r::text) as kept from ledger.event e join ledger.run r on r.id = e.run`,
    );
    expect(JSON.stringify(rows)).not.toContain('never@example.org');
    await freely();
  });

  it('fills nobody’s letter box', async () => {
    const who = await registered();
    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1) statuses.push((await forgot(who.email)).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 202, 429]);
    // That says nothing about guessing: he signs in all the same.
    await signedIn(who);
    await freely();
  });

  it('has its link for an hour, and not after another password was set', async () => {
    const who = await registered();
    const tokens = await signedIn(who);
    await forgot(who.email);
    const late = await mailed(who.id);
    await door.fixture.rows(
      `update people.letter set expires_at = now() - interval '1 s' where account = $1`,
      [who.id],
    );
    expect((await reset(late?.token)).status).toBe(400);
    await forgot(who.email);
    const early = await mailed(who.id);
    const body = { password: PASSWORD, newPassword: NEW };
    expect((await put('/users/me/password', tokens, body)).status).toBe(204);
    expect((await reset(early?.token)).status).toBe(400);
    await freely();
  });
});

describe('a password', () => {
  it('is changed for the old one; other devices are signed out, this one is not', async () => {
    const who = await registered();
    const [here, there] = [await signedIn(who), await signedIn(who)];
    const change = (password: string, newPassword: string) =>
      put('/users/me/password', here, { password, newPassword });
    expect((await change('wrong enough', NEW)).status).toBe(403);
    expect((await change(PASSWORD, 'short')).status).toBe(400);
    expect((await change(PASSWORD, NEW)).status).toBe(204);
    expect((await me(here)).email).toBe(who.email);
    expect(await problemIn(await door.ask('/users/me', { headers: bearer(there) }))).toMatchObject({
      status: 401,
      code: 'token-revoked',
    });
    expect(await mailed(who.id)).toMatchObject({ subject: 'Your password was changed' });
    await freely();
  });
});

describe('an access token', () => {
  const asks = (tokens: Tokens) => door.ask('/users/me', { headers: bearer(tokens) });

  it('is refused once its session is over, however it ended', async () => {
    const who = await registered();
    const [left, lost, stolen, rest] = [
      await signedIn(who),
      await signedIn(who),
      await signedIn(who),
      await signedIn(who),
    ];
    for (const tokens of [left, lost, stolen, rest]) expect((await asks(tokens)).status).toBe(200);
    await post('/auth/logout', { refreshToken: left.refreshToken });
    await door.ask(`/auth/sessions/${lost.session}`, { method: 'DELETE', headers: bearer(rest) });
    await post('/auth/refresh', { refreshToken: stolen.refreshToken });
    await post('/auth/refresh', { refreshToken: stolen.refreshToken });
    for (const tokens of [left, lost, stolen])
      expect(await problemIn(await asks(tokens))).toMatchObject({ status: 401, code: 'token-revoked' });
    expect((await asks(rest)).status).toBe(200);
    const [gone] = [await signedIn(who)];
    await door.ask('/users/me', { method: 'DELETE', headers: bearer(gone), body: { password: PASSWORD } });
    for (const tokens of [rest, gone]) expect((await asks(tokens)).status).toBe(401);
  });

  it('has the roles that somebody has now, within seconds, also where another process changed them', async () => {
    const who = await registered();
    const tokens = await signedIn(who);
    const look = async () => (await door.ask('/api/pauses', { headers: bearer(tokens) })).status;
    expect(await look()).toBe(403);
    await door.fixture.rows(`update people.account set roles = '{user,admin}' where id = $1`, [who.id]);
    await expect.poll(look, { timeout: 20_000, interval: 200 }).toBe(200);
    await door.fixture.rows(`update people.session set revoked_at = now() where id = $1`, [tokens.session]);
    await expect.poll(look, { timeout: 20_000, interval: 200 }).toBe(401);
  });
});
