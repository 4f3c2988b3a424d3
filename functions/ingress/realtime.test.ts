import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { announce, createMovingRuns, createRealtime, createTickets, publish } from '#shared/realtime';
import { within } from '../../test/within.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import {
  byEventSource,
  bySocketIo,
  bySocketIoPolling,
  byWebSocket,
  type HearingOptions,
  openWebSocket,
} from './testing/hearers.ts';
import { bearer, peopleAt } from './testing/people.ts';

/** Two processes on one database, that look at runs more often than a second needs. */
const door = await openFrontDoor({ watchMs: 25 });
const { pool, url } = door.fixture;
const realtime = createRealtime({
  ...{ pool, url, log: door.options.log, clock: door.options.clock },
  // No look mends what a notice should have told.
  repairMs: 3_600_000,
});
const replica = await openFrontDoor({
  ...door.options,
  realtime: { realtime, tickets: createTickets({ pool }), moving: createMovingRuns({ pool }) },
});
afterAll(async () => {
  await replica.close();
  await realtime.close();
  await door.close();
});
const { registered, signedIn } = peopleAt(door);

const doors = [
  ['a WebSocket', byWebSocket],
  ['an EventSource', byEventSource],
  ['Socket.IO', bySocketIo],
  ['Socket.IO that begins with polling', bySocketIoPolling],
] as const;

let people = 0;
async function somebody(): Promise<{ id: string; token: string }> {
  const id = randomUUID();
  people += 1;
  await door.fixture.rows(
    'insert into people.account (id, email, handle, name, password) values ($1, $2, $3, $3, $3)',
    [id, `${id}@example.org`, `hearer_${people}`],
  );
  return { id, token: await door.token(id) };
}

/** As a command's transaction does it. */
const say = (to: readonly string[], n: number, text = ''): Promise<void> =>
  within(pool, (tx) => publish(tx, { to, type: 'message.sent', data: { n, text } }));
/** From one number to another, at once. */
const sayAll = (to: readonly string[], first: number, last: number): Promise<void> =>
  within(pool, async (tx) => {
    for (let n = first; n <= last; n += 1)
      await publish(tx, { to, type: 'message.sent', data: { n, text: '' } });
  });

const numbers = (told: readonly { type: string; data: { readonly [name: string]: unknown } }[]) =>
  told.filter(({ type }) => type === 'message.sent').map(({ data }) => data.n);

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

it('a connection ends with the token that opened it', async () => {
  const token = await door.token((await somebody()).id, { ttlSeconds: 8 });
  const open = doors.map(([, hear]) => hear(replica.url, { token }));
  for (const hearer of open) await hearer.until(({ type }) => type === 'hello');
  expect(await Promise.all(open.map(({ ended }) => ended))).toEqual([
    4002,
    'token-expired',
    'io server disconnect',
    'io server disconnect',
  ]);
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

describe('who takes nothing', () => {
  it('is dropped, and hears the rest when he comes back', async () => {
    const alice = await somebody();
    const slow = openWebSocket(replica.url, { token: alice.token });
    const received: { type: string; cursor?: string; data: { n?: number } }[] = [];
    slow.on('message', (data) => received.push(JSON.parse(String(data))));
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    slow.pause();
    const text = 'x'.repeat(60_000);
    let sent = 0;
    while (realtime.accounts().includes(alice.id) && sent < 2_000) {
      sent += 1;
      await say([alice.id], sent, text);
    }
    expect(sent).toBeLessThan(2_000);
    const closed = new Promise<number>((resolve) => slow.once('close', resolve));
    slow.resume();
    // The code, where it still comes through what is before it; else the connection is cut.
    expect([4001, 1006]).toContain(await closed);
    const heard = received.flatMap(({ data }) => data.n ?? []);
    const back = byWebSocket(door.url, { token: alice.token, cursor: received.at(-1)?.cursor });
    await say([alice.id], sent + 1);
    await back.until(({ data }) => data.n === sent + 1);
    expect([...heard, ...numbers(back.told)]).toEqual(Array.from({ length: sent + 1 }, (_, at) => at + 1));
    back.leave();
  }, 120_000);
});

describe('what a client sends', () => {
  it.each<[string, string | Buffer, number]>([
    ['text that is no JSON', '{', 1007],
    ['JSON that is no object', '[1]', 1007],
    ['an object without a type', '{}', 1007],
    ['bytes', Buffer.from('{"type":"ping"}'), 1003],
    ['more than 4 KB', JSON.stringify({ type: 'x'.repeat(5_000) }), 1009],
  ])('%s closes a WebSocket', async (_, frame, code) => {
    const socket = openWebSocket(door.url, { token: (await somebody()).token });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send(frame));
    expect(await closed).toBe(code);
  });

  it('a ping is answered, a word that is none is an error, and too many of them are the end', async () => {
    const socket = openWebSocket(door.url, { token: (await somebody()).token });
    const answers: { type: string; data: unknown }[] = [];
    socket.on('message', (data) => answers.push(JSON.parse(String(data))));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"ping"}');
    socket.send('{"type":"subscribe","to":"everything"}');
    await expect
      .poll(() => answers.map(({ type }) => type).sort(), { timeout: 20_000 })
      .toEqual(['error', 'hello', 'pong']);
    expect(answers.find(({ type }) => type === 'error')?.data).toMatchObject({ code: 'frame-unknown' });
    for (let n = 0; n < 60; n += 1) socket.send('{"type":"ping"}');
    expect(await closed).toBe(1008);
  });

  it('a page of another origin is refused', async () => {
    const { token } = await somebody();
    const headers = { ...bearer({ accessToken: token }), origin: 'https://evil.example' };
    expect((await problemIn(await door.ask('/api/v1/stream', { headers }))).code).toBe('origin-forbidden');
    const handshake = { ...headers, upgrade: 'websocket', connection: 'Upgrade' };
    const socket = new (await import('ws')).WebSocket(`${door.url.replace('http', 'ws')}/ws/notifications`, {
      headers: handshake,
    });
    const refused = new Promise((resolve) =>
      socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
    );
    expect(await refused).toBe(403);
    expect((await door.ask('/ws/notifications')).status).toBe(426);
  });
});

it('one person has twenty connections at most, through all doors', async () => {
  const { token, id } = await somebody();
  const options: HearingOptions = { token };
  const open = Array.from({ length: 20 }, (_, at) =>
    (doors[at % 4]?.[1] ?? byWebSocket)(replica.url, options),
  );
  for (const hearer of open) await hearer.until(({ type }) => type === 'hello');
  for (const [, hear] of doors)
    expect([429, 'streams-too-many']).toContain(await hear(replica.url, options).ended);
  open[0]?.leave();
  await expect
    .poll(
      async () => {
        const again = byWebSocket(replica.url, options);
        const opened = await Promise.race([again.ended, again.until(({ type }) => type === 'hello')]);
        again.leave();
        return typeof opened;
      },
      { timeout: 20_000 },
    )
    .toBe('object');
  await say([id], 1);
  for (const hearer of open.slice(1)) await hearer.until(({ data }) => data.n === 1);
  for (const hearer of open) hearer.leave();
});

it('an address opens so many in a minute', async () => {
  const limited = await openFrontDoor({
    ...door.options,
    limits: { ratePerMinute: 1, trustProxy: false },
  });
  const { token } = await somebody();
  for (let n = 0; n < 5; n += 1) {
    const hearer = byWebSocket(limited.url, { token });
    await hearer.until(({ type }) => type === 'hello');
    hearer.leave();
  }
  expect(await byWebSocket(limited.url, { token }).ended).toBe(429);
  expect(await byEventSource(limited.url, { token }).ended).toBe(429);
  expect(await bySocketIo(limited.url, { token }).ended).toBe('websocket error');
  await limited.close();
});

it('a server that shuts down tells them to come again, and is gone', async () => {
  const own = createRealtime({ pool, url, log: door.options.log, clock: door.options.clock });
  const third = await openFrontDoor({
    ...door.options,
    realtime: { realtime: own, tickets: createTickets({ pool }), moving: createMovingRuns({ pool }) },
  });
  const { token } = await somebody();
  const open = doors.map(([, hear]) => hear(third.url, { token }));
  for (const hearer of open) await hearer.until(({ type }) => type === 'hello');
  const began = performance.now();
  await third.server.close({ graceMs: 30_000 });
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(await Promise.all(open.map(({ ended }) => ended))).toEqual([
    1012,
    'shutting-down',
    'transport close',
    'transport close',
  ]);
  await third.close();
  await own.close();
  await sleep(0);
});
