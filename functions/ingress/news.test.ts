import { afterAll, beforeEach, expect, it } from 'vitest';
import { lengthenWaits } from '../../test/long-waits.ts';
import notify from '../social/notify/function.ts';
import sendEmail from '../social/send-email/function.ts';
import sendPush from '../social/send-push/function.ts';
import { openFrontDoor } from './testing/front-door.ts';
import { talkingAt } from './testing/talking.ts';
import { follow, openTelling, prefer } from './testing/telling.ts';

const telling = await openTelling([notify, sendEmail, sendPush]);
const { door, worker, mails, pushes, other } = telling;
await lengthenWaits(door.fixture);
const { arrives } = talkingAt(door);
let ada: Awaited<ReturnType<typeof telling.newcomer>>;
beforeEach(async () => {
  ada = await telling.newcomer();
});
afterAll(async () => {
  await telling.expectQuiet();
  await telling.close();
});

const cookieOf = async (account: string) => ({ cookie: `millrace_session=${await door.token(account)}` });
const form = (fields: Record<string, string>) =>
  door.ask('/sign-in', {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

it('who clicks in a mail or on a push sees the very thing on a page for people', async () => {
  await pushes.subscribe(ada);
  await prefer(ada, { followed: { email: 'each' } });
  await follow(other(), ada);
  await worker.workOff();
  const mailed = mails.received[0]?.decoded.match(/https?:\S+\/news#[\w-]+/)?.[0] ?? '';
  const [push] = pushes.takenFor(ada);
  const { url = '', path = '' } = (push?.message ?? {}) as { url?: string; path?: string };
  expect([mailed, path]).toEqual([url, '/users/me/followers']);
  const { pathname, hash } = new URL(mailed);
  const answer = await door.ask(pathname, { headers: await cookieOf(ada.id) });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const page = await answer.text();
  expect(page).toContain(`<li id="${hash.slice(1)}" class="unread">`);
  expect(page).toMatch(/Enrolled_\d+ follows you\./);
  expect(page).toContain('1 unread.');
  expect(page).toContain(`<span class="who">${ada.handle}</span>`);
});

it('what people call themselves and what admins write is text', async () => {
  const evil = '"><img src=x onerror=alert(1)>';
  await door.fixture.rows('update people.account set name = $2 where id = $1', [other(3).id, evil]);
  await follow(other(3), ada);
  await worker.workOff();
  const page = await (await door.ask('/news', { headers: await cookieOf(ada.id) })).text();
  expect(page).toContain('&lt;img src=x');
  expect(page).not.toContain('<img src=x');
});

it('with an app of the operator’s, the page leads into it', async () => {
  const app = await openFrontDoor({ ...door.options, appUrl: 'https://app.example.org/#{path}' });
  await follow(other(), ada);
  await worker.workOff();
  const answer = await fetch(new URL('/news', app.url), { headers: await cookieOf(ada.id) });
  expect(await answer.text()).toContain('href="https://app.example.org/#/users/me/followers"');
  await app.close();
});

it('a link of another site asks once more from here, where the cookie comes along, and then shows the way in', async () => {
  const from = async (site: string) =>
    await (await door.ask('/news', { headers: { 'sec-fetch-site': site } })).text();
  expect(await from('cross-site')).toContain('<meta http-equiv="refresh" content="0; url=/news">');
  const signIn = await from('same-origin');
  expect(signIn).not.toContain('http-equiv');
  expect(signIn).toContain('name="password"');
});

it('people sign in with their passwords, come back to the page, and sign out for good', async () => {
  const { email, password } = await arrives();
  const wrong = await form({ next: '/news', email, password: 'not this one, I think' });
  expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
  expect(await wrong.text()).toMatch(/role="alert">[^<]{10,}<[\s\S]*name="next" value="\/news"/);
  expect((await form({ next: '/news', email, password: '' })).status).toBe(400);
  const right = await form({ next: '/news', email, password });
  expect([right.status, right.headers.get('location')]).toEqual([303, '/news']);
  const elsewhere = await form({ next: 'https://evil.example', token: await door.token(ada.id) });
  expect(elsewhere.headers.get('location')).toBe('/');
  const headers = { cookie: right.headers.get('set-cookie')?.split(';')[0] ?? '' };
  expect(await (await door.ask('/news', { headers })).text()).toContain('Nothing has happened yet.');
  expect((await door.ask('/sign-out', { method: 'POST', headers })).status).toBe(303);
  await expect
    .poll(async () => (await door.ask('/notifications', { headers })).status, { timeout: 20_000 })
    .toBe(401);
});

it('a password is guessed here no more often than elsewhere', async () => {
  const { email } = await arrives();
  const statuses: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    const answer = await form({ next: '/news', email, password: `guess number ${n}` });
    statuses.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(statuses).toContain(429);
});
