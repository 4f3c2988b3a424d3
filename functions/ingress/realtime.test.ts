import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { announce } from '#shared/realtime';
import { doors, numbers, openHearing } from './testing/hearing.ts';
import { bearer, peopleAt } from './testing/people.ts';

const hearing = await openHearing();
afterAll(() => hearing.close());
const { door, replica, somebody, say, sayAll } = hearing;
const { pool } = door.fixture;
const { registered, signedIn } = peopleAt(door);

describe.each(doors)('%s', (_, hear) => {
  it('hears what is told on another replica, and nobody else does', async () => {
    const [alice, bob] = [await somebody(), await somebody()];
    await say([alice.id], 0);
    const hers = hear(replica.url, { token: alice.token });
    const his = hear(replica.url, { token: bob.token });
    await Promise.all([hers, his].map((hearer) => hearer.until(({ type }) => type === 'hello')));
    await say([alice.id], 1);
    await announce(pool, { to: [alice.id], type: 'typing', data: { by: bob.id } });
    await say([alice.id, bob.id], 2);
    await hers.until(({ type }) => type === 'typing');
    await his.until(({ data }) => data.n === 2);
    const told = await hers.until(({ data }) => data.n === 2);
    expect(told).toMatchObject({ type: 'message.sent', cursor: '3', data: { n: 2, text: '' } });
    expect(Math.abs(Date.parse(told.at ?? '') - Date.now())).toBeLessThan(60_000);
    expect(hers.told[0]).toEqual({ type: 'hello', cursor: '1', data: {} });
    expect(numbers(hers.told)).toEqual([1, 2]);
    expect(his.told.map(({ type }) => type)).toEqual(['hello', 'message.sent']);
    for (const hearer of [hers, his]) hearer.leave();
  });

  it('goes on after its cursor, and begins anew where that is of another database', async () => {
    const alice = await somebody();
    await sayAll([alice.id], 1, 450);
    const late = hear(replica.url, { token: alice.token, cursor: '40' });
    await late.until(({ data }) => data.n === 450);
    expect(numbers(late.told)).toEqual(Array.from({ length: 410 }, (_nothing, at) => at + 41));
    const lost = hear(door.url, { token: alice.token, cursor: '900' });
    expect(await lost.until(({ type }) => type === 'reset')).toMatchObject({ cursor: '450' });
    await say([alice.id], 451);
    await lost.until(({ data }) => data.n === 451);
    expect(numbers(lost.told)).toEqual([451]);
    for (const hearer of [late, lost]) hearer.leave();
  });

  it('hears everything once and in order through fifty lost connections', async () => {
    const alice = await somebody();
    const all: unknown[] = [];
    const first = hear(door.url, { token: alice.token });
    await first.until(({ type }) => type === 'hello');
    let { cursor } = first;
    first.leave();
    let isWriting = true;
    const writing = (async () => {
      let n = 0;
      while (isWriting) {
        await Promise.all([1, 2, 3, 4].map((more) => say([alice.id], n + more)));
        n += 4;
      }
      return n;
    })();
    for (let round = 0; round < 50; round += 1) {
      const hearer = hear([door.url, replica.url][round % 2] ?? '', { token: alice.token, cursor });
      const enough = round % 7;
      await hearer.until(() => hearer.told.length > enough);
      hearer.leave();
      all.push(...hearer.told.filter(({ type }) => type === 'message.sent').map((told) => told.cursor));
      cursor = hearer.cursor;
    }
    isWriting = false;
    const count = await writing;
    const last = hear(door.url, { token: alice.token, cursor });
    await last.until(({ cursor: at }) => at === String(count));
    all.push(...last.told.filter(({ type }) => type === 'message.sent').map((told) => told.cursor));
    expect(all).toEqual(Array.from({ length: count }, (_nothing, at) => String(at + 1)));
    last.leave();
  });

  it('ends with its session, wherever that is ended', async () => {
    const who = await registered();
    const tokens = await signedIn(who);
    const hearer = hear(replica.url, { token: tokens.accessToken });
    await hearer.until(({ type }) => type === 'hello');
    const { refreshToken } = tokens;
    expect((await door.ask('/auth/logout', { body: { refreshToken } })).status).toBe(204);
    expect([4003, 'session-ended', 'io server disconnect']).toContain(await hearer.ended);
  });

  it('opens by a ticket, once', async () => {
    const { token, id } = await somebody();
    const made = await door.ask('/api/v1/stream/tickets', {
      method: 'POST',
      headers: bearer({ accessToken: token }),
    });
    expect(made.status).toBe(201);
    const { ticket, expiresIn } = (await made.json()) as { ticket: string; expiresIn: number };
    expect(expiresIn).toBe(30);
    // As a page writes it that has heard nothing yet.
    const hearer = hear(replica.url, { ticket, cursor: '' });
    await hearer.until(({ type }) => type === 'hello');
    await say([id], 1);
    await hearer.until(({ data }) => data.n === 1);
    for (const twice of [ticket, `mrt_${'A'.repeat(43)}`, 'nonsense'])
      expect([401, 'ticket-invalid']).toContain(await hear(door.url, { ticket: twice }).ended);
    expect([401, 'token-invalid']).toContain(await hear(door.url, { token: 'a.b.c' }).ended);
    expect([401, 'token-missing']).toContain(await hear(door.url, {}).ended);
    expect([400, 'cursor-invalid']).toContain(await hear(door.url, { token, cursor: 'x' }).ended);
    hearer.leave();
  });

  it('tells how far a run is', async () => {
    const owner = `runner-${randomUUID()}`;
    const hearer = hear(replica.url, { token: await door.token(owner) });
    await hearer.until(({ type }) => type === 'hello');
    const run = await door.start(owner);
    await hearer.until(({ type, data }) => type === 'run.progressed' && data.run === run);
    expect((await door.ask(`/api/pipelines/${run}/cancel`, { as: owner, method: 'POST' })).status).toBe(202);
    const end = await hearer.until(({ data }) => data.status === 'cancelled');
    expect(end).toMatchObject({
      type: 'run.progressed',
      data: { run, links: { self: `/api/pipelines/${run}` } },
    });
    hearer.leave();
  });
});

it('a browser’s own way to come back goes before the cursor of the address', async () => {
  const { id, token } = await somebody();
  for (let n = 1; n <= 3; n += 1) await say([id], n);
  const answer = await door.ask('/api/v1/stream?cursor=1', {
    headers: { ...bearer({ accessToken: token }), 'last-event-id': '2' },
  });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  let said = '';
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (!said.includes('message.sent')) said += (await reader?.read())?.value ?? '';
  await reader?.cancel();
  expect(said).toContain('id: 2\nevent: hello\n');
  expect(said).toContain('id: 3\nevent: message.sent\n');
});
