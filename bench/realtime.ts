import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Auth } from '#shared/auth';
import type { Pool } from '#shared/database';
import { publish } from '#shared/realtime';
import { type Benchmark, type Measurement, measured, median } from './benchmark.ts';
import { withLedger } from './ledger/with-ledger.ts';
import { giveKeys } from './platform/given-keys.ts';
import { pssOf } from './platform/process-tree.ts';
import { type BenchRole, startRole } from './platform/role.ts';

const BATCH = 50;
const MESSAGES_EACH = 50;
const MEGABYTE = 1_000_000;
const SIZES = { small: { sockets: 500, messages: 100 }, full: { sockets: 5_000, messages: 500 } };

interface Hearer {
  readonly id: string;
  readonly socket: WebSocket;
  /** The text of the next message, and when it came. */
  next(): Promise<{ text: string; at: number }>;
}

/** What people hear on another replica than the one that was told: how soon, and what an open WebSocket takes. */
export default {
  name: 'realtime',
  run: ({ scratch, full = false }) =>
    withLedger(scratch, async ({ pool, url }) => {
      const auth = await giveKeys(scratch);
      const environment = { DATABASE_URL: url, DATA_DIR: scratch, RATE_LIMIT: '100000' };
      const roles = await Promise.all([startRole('ingress', environment), startRole('streams', environment)]);
      try {
        const [ingress, streams] = roles;
        return await measure({ pool, auth, ingress, streams, ...(full ? SIZES.full : SIZES.small) });
      } finally {
        for (const role of roles) await role.stop();
      }
    }),
} satisfies Benchmark;

async function measure(options: {
  pool: Pool;
  auth: Auth;
  ingress: BenchRole;
  streams: BenchRole;
  sockets: number;
  messages: number;
}): Promise<readonly Measurement[]> {
  const { pool, auth, ingress, streams, sockets, messages } = options;
  const { rows: people } = await pool.query<{ id: string }>(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), n || '@example.org', 'hearer_' || n, 'Hearer', 'none'
     from generate_series(1, $1::int) n returning id`,
    [sockets],
  );
  const [first = { id: '' }, ...others] = people;
  const token = (account: string) => auth.issue({ sub: account, account, roles: [], ttlSeconds: 3_600 });

  const hearer = await hear(streams.url, first.id, await token(first.id));
  const alone = await delays(messages, () => tell(pool, [first.id]), hearer);
  const senders = others.slice(0, messages / MESSAGES_EACH).map(({ id }) => id);
  const sent = await sending({ ingress, hearer, senders, token });

  const before = await pssOf(streams.pid);
  const open: Hearer[] = [hearer];
  for (let at = 0; at < others.length; at += BATCH)
    open.push(
      ...(await Promise.all(
        others.slice(at, at + BATCH).map(async ({ id }) => hear(streams.url, id, await token(id))),
      )),
    );
  await sleep(2_000);
  const after = await pssOf(streams.pid);
  const among = await delays(messages, () => tell(pool, [first.id]), hearer);
  const everybody = open.map(({ id }) => id);
  const whole = open.map((each) => each.next());
  const told = await tell(pool, everybody);
  const last = Math.max(...(await Promise.all(whole)).map(({ at }) => at));
  for (const { socket } of open) socket.terminate();

  const count = `${sockets.toLocaleString('en')} open WebSockets`;
  return [
    measured({ what: 'told to heard on another replica, p50', value: median(alone), unit: 'ms', digits: 1 }),
    measured({
      ...{ what: 'message sent by HTTP to heard on another replica, p50', value: median(sent.heard) },
      ...{ unit: 'ms', digits: 1, goal: { atMost: 20 } },
    }),
    measured({
      what: '… to its sender’s own answer, p50',
      value: median(sent.answered),
      unit: 'ms',
      digits: 1,
    }),
    measured({ what: `… told to heard among ${count}, p50`, value: median(among), unit: 'ms', digits: 1 }),
    measured({ what: `… told to all of them, to the last`, value: last - told, unit: 'ms' }),
    measured({
      ...{ what: `memory of a process with ${count}`, value: after / MEGABYTE, unit: 'MB' },
      goal: { atMost: 600 },
    }),
    measured({
      ...{ what: '… for each', value: (after - before) / sockets / 1_000, unit: 'KB' },
    }),
  ];
}

/** Answers when it was begun. */
async function tell(pool: Pool, to: readonly string[]): Promise<number> {
  const began = performance.now();
  const query = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await pool.query({ name: 'bench-publish', text, values: [...values] })).rows as Row[];
  await publish({ query }, { to, type: 'message.sent', data: { text: 'told' } });
  return began;
}

/** Milliseconds from the beginning of each telling to its hearing. */
async function delays(count: number, telling: () => Promise<number>, hearer: Hearer): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const heard = hearer.next();
    const began = await telling();
    took.push((await heard).at - began);
    await sleep(5);
  }
  return took;
}

/** By the command itself: request, function, ledger, and the other replica. Nobody may send more than 60 a minute. */
async function sending({
  ingress,
  hearer,
  senders,
  token,
}: {
  ingress: BenchRole;
  hearer: Hearer;
  senders: readonly string[];
  token: (account: string) => Promise<string>;
}): Promise<{ heard: readonly number[]; answered: readonly number[] }> {
  const heard: number[] = [];
  const answered: number[] = [];
  for (const sender of senders) {
    const headers = {
      authorization: `Bearer ${await token(sender)}`,
      'content-type': 'application/json',
    };
    const ask = (path: string, body: object) =>
      fetch(new URL(path, ingress.url), { method: 'POST', headers, body: JSON.stringify(body) });
    const opened = await ask('/messages/conversations', { kind: 'direct', with: hearer.id });
    const { id: conversation } = (await opened.json()) as { id: string };
    const send = async (): Promise<number> => {
      const began = performance.now();
      const answer = await ask('/messages', { id: randomUUID(), conversation, text: 'told' });
      if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
      await answer.text();
      answered.push(performance.now() - began);
      return began;
    };
    heard.push(...(await delays(MESSAGES_EACH, send, hearer)));
  }
  return { heard, answered };
}

async function hear(url: string, id: string, token: string): Promise<Hearer> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/notifications`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const greeted = Promise.withResolvers<void>();
  let waiting: ((heard: { text: string; at: number }) => void) | undefined;
  socket.on('error', greeted.reject);
  socket.on('message', (data) => {
    const text = String(data);
    if (text.includes('"hello"')) greeted.resolve();
    else if (text.includes('"message.sent"')) waiting?.({ text, at: performance.now() });
  });
  await greeted.promise;
  return {
    id,
    socket,
    next: () =>
      new Promise((resolve) => {
        waiting = resolve;
      }),
  };
}
