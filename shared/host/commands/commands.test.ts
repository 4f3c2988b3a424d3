import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Principal } from '#shared/auth';
import { Conflict, Permanent, Transient } from '#shared/errors';
import { type CommandDefinition, defineFunction, type Ports, secret } from '#shared/function';
import { type RunningServer, serve } from '#shared/http';
import { createCommandLedger, createLedgerRetention } from '#shared/ledger';
import { createLog, createMetrics, untold } from '#shared/telemetry';
import type { TopologyFunction } from '#shared/topology';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../../test/ledger-fixture.ts';
import { createReceiver } from '../receiver.ts';
import type { CommandAnswer, CommandRequest, Commands } from './commands.ts';
import { createHttpCommands } from './http-commands.ts';
import { createLocalCommands } from './local-commands.ts';

const SECRET = 'correct-horse-battery-staple';
const alice: Principal = { sub: 'alice', account: 'acc-alice', roles: [], expiresAt: new Date(4e12) };
const bob: Principal = { ...alice, sub: 'bob', account: 'acc-bob' };

const placed = { type: 'pipeline.video.placed' as const, data: { products: [] } };

/** What the handlers of this test look at. */
const stage = { calls: 0, hold: Promise.resolve() as Promise<unknown>, failures: [] as Error[] };

const follow = defineFunction({
  name: 'follow-user',
  summary: 'Follows somebody.',
  command: {
    type: 'user.follow',
    data: z.strictObject({ user: z.string().min(1).max(100) }),
    reply: z.object({ followers: z.int() }),
  },
  needs: [],
  async handle({ principal, data }) {
    stage.calls += 1;
    await stage.hold;
    const failure = stage.failures.shift();
    if (failure !== undefined) throw failure;
    return {
      write: async (tx) => {
        await tx.query('insert into follow (who, whom) values ($1, $2)', [principal.sub, data.user]);
        if (data.user === 'nobody') throw new Permanent('user-unknown', 'There is no user "nobody".');
        const [row] = await tx.query<{ n: number }>('select count(*)::int as n from follow where whom = $1', [
          data.user,
        ]);
        return { events: [placed], reply: { followers: row?.n ?? 0 } };
      },
    };
  },
});

const signIn = defineFunction({
  name: 'sign-in',
  summary: 'Answers a token for a password.',
  command: {
    type: 'session.open',
    data: z.strictObject({ email: z.string(), login: z.object({ password: secret(z.string()) }).optional() }),
    reply: z.object({ user: z.string(), token: secret(z.string()) }),
  },
  needs: [],
  async handle({ data }) {
    stage.calls += 1;
    if (data.email === 'broken@b.c') throw new Error(`cannot parse ${data.login?.password}`);
    return { reply: { user: data.email, token: `token-of-${SECRET}` } };
  },
});

const slow = defineFunction({
  name: 'slow-command',
  summary: 'Never ends and does not listen.',
  command: { type: 'test.slow', data: z.strictObject({}), reply: z.object({}) },
  needs: [],
  async handle() {
    await new Promise(() => undefined);
    return {};
  },
});

let fixture: LedgerFixture;
let local: Commands;
let server: RunningServer;
const logged: string[] = [];
const ports: Record<string, Commands> = {};

beforeAll(async () => {
  const topology = testTopology({ hear: [on('pipeline.video.placed')] });
  fixture = await createLedgerFixture(topology);
  await fixture.rows('create table follow (who text, whom text)');
  const log = createLog({
    service: 'test',
    destination: { write: (line: string) => void logged.push(line) },
  });
  const hosted = (definition: unknown, timeoutMs = 20_000) => {
    const known = definition as CommandDefinition;
    const fn: TopologyFunction = {
      ...{ name: known.name, area: 'social', profile: 'light', triggers: [], command: known.command.type },
      ...{ emits: ['pipeline.video.placed'], puts: {}, promises: undefined },
    };
    return { definition: known, topology: fn, timeoutMs };
  };
  const ledger = createCommandLedger({
    pool: fixture.pool,
    source: topology.source,
    wake: (lanes) => void fixture.woken.push(...lanes),
  });
  local = createLocalCommands({
    commands: [hosted(follow), hosted(signIn), hosted(slow, 200)],
    ledger,
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => 0 },
    log,
    tracing: untold,
  });
  const receiver = createReceiver({
    host: { take: async () => 'not-due' },
    metrics: createMetrics({ service: 'test' }),
    health: async () => undefined,
    auth: {
      async verify(token) {
        if (token === 'alice') return alice;
        if (token === 'bob') return bob;
        throw new Permanent('token-invalid', 'The token is refused.');
      },
    },
    commands: local,
  });
  server = await serve(receiver, { port: 0, hostname: '127.0.0.1' });
  ports['in-process'] = local;
  ports.http = createHttpCommands({
    urlOf: (type) => (type === 'user.nobody' ? undefined : server.url),
    source: 'urn:test:ingress',
    timeoutMs: 10_000,
  });
});

afterAll(async () => {
  await server.close({ graceMs: 0 });
  await fixture.close();
});

beforeEach(async () => {
  stage.calls = 0;
  stage.hold = Promise.resolve();
  stage.failures = [];
  await fixture.rows('truncate follow, ledger.run, ledger.event, ledger.delivery, ledger.answer');
});

async function traces() {
  const [row] = await fixture.rows<Record<string, number>>(
    `select (select count(*)::int from follow) as follows, (select count(*)::int from ledger.run) as runs,
       (select count(*)::int from ledger.event) as events,
       (select count(*)::int from ledger.delivery where state = 'done') as done,
       (select count(*)::int from ledger.delivery where state = 'due') as due,
       (select count(*)::int from ledger.answer) as answers`,
  );
  return row;
}
const NOTHING = { follows: 0, runs: 0, events: 0, done: 0, due: 0, answers: 0 };
const ONCE = { follows: 1, runs: 1, events: 2, done: 1, due: 1, answers: 1 };

describe.each(['in-process', 'http'])('a command, %s', (port) => {
  const send = (request: Partial<CommandRequest> = {}): Promise<CommandAnswer> => {
    const { principal = alice } = request;
    const commands = ports[port] as Commands;
    return commands.send({
      type: 'user.follow',
      data: { user: 'carol' },
      principal,
      token: principal.sub,
      ...request,
    });
  };

  it('is answered, and is an event, a finished delivery, a row and the deliveries of what it emitted', async () => {
    expect(await send()).toMatchObject({ status: 200, body: { followers: 1 } });
    expect(await traces()).toEqual({ ...ONCE, answers: 0 });
    const [delivery] = await fixture.rows(
      `select d.function, d.owner, d.state, d.reply, e.type, e.data, r.state as run, r.flow from ledger.delivery d
       join ledger.event e on e.id = d.event join ledger.run r on r.id = d.run where d.state = 'done'`,
    );
    expect(delivery).toEqual({
      function: 'follow-user',
      owner: 'acc-alice',
      state: 'done',
      reply: { followers: 1 },
      type: 'user.follow',
      data: { user: 'carol' },
      run: 'running',
      flow: 'command',
    });
    expect(fixture.woken).toContain('light');
  });

  it('is done once for a key, however often it is sent, and answers the same', async () => {
    const first = await send({ idempotencyKey: 'k1' });
    const again = await send({ idempotencyKey: 'k1' });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(lowerCased(again.headers)['idempotent-replayed']).toBe('true');
    expect(await traces()).toEqual(ONCE);
    expect(stage.calls).toBe(1);
  });

  it('is done once for twenty at a time with one key', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send({ idempotencyKey: 'k1' })));
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
      Array.from({ length: 20 }, () => ({ status: 200, body: { followers: 1 } })),
    );
    expect(await traces()).toEqual(ONCE);
  });

  it('keeps keys of principals apart', async () => {
    await send({ idempotencyKey: 'k1' });
    expect(await send({ idempotencyKey: 'k1', principal: bob })).toMatchObject({ body: { followers: 2 } });
  });

  it('refuses a key that came with another body, and takes another order of the same fields', async () => {
    await send({ idempotencyKey: 'k1' });
    expect(await send({ idempotencyKey: 'k1', data: { user: 'dave' } })).toMatchObject({
      status: 409,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await traces()).toEqual(ONCE);
  });

  it('undoes what a refusal wrote, keeps the refusal for its key, and answers it again', async () => {
    const data = { user: 'nobody' };
    const first = await send({ idempotencyKey: 'k1', data });
    expect(first).toMatchObject({ status: 400, body: { code: 'user-unknown' } });
    expect(await traces()).toEqual({ ...NOTHING, answers: 1 });
    expect(await send({ idempotencyKey: 'k1', data })).toMatchObject({ status: 400, body: first.body });
    expect(stage.calls).toBe(1);
    expect(await send({ data })).toMatchObject({ status: 400 });
    expect(await traces()).toEqual({ ...NOTHING, answers: 1 });
  });

  it.each([
    ['a transient failure', () => new Transient('peer-away', 'The peer is away.'), 503],
    ['an unforeseen error', () => new TypeError('x is undefined'), 500],
  ])('does not keep %s: the same key may succeed afterwards', async (_, failure, status) => {
    stage.failures = [failure()];
    expect(await send({ idempotencyKey: 'k1' })).toMatchObject({ status });
    expect(await traces()).toEqual(NOTHING);
    expect(await send({ idempotencyKey: 'k1' })).toMatchObject({ status: 200 });
  });

  it('keeps a conflict of the domain as it was', async () => {
    stage.failures = [new Conflict('already-following', 'You follow her.')];
    expect(await send({ idempotencyKey: 'k1' })).toMatchObject({
      status: 409,
      body: { code: 'already-following' },
    });
    expect(await send({ idempotencyKey: 'k1' })).toMatchObject({
      status: 409,
      body: { code: 'already-following' },
    });
    expect(stage.calls).toBe(1);
  });

  it('lets a second request wait two seconds for the first, then says when to come again', async () => {
    let release: () => void = () => undefined;
    stage.hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = send({ idempotencyKey: 'k1' });
    const second = await send({ idempotencyKey: 'k1' });
    expect(second).toMatchObject({ status: 409, body: { code: 'command-under-way' } });
    expect(lowerCased(second.headers)['retry-after']).toBe('2');
    release();
    expect(await first).toMatchObject({ status: 200 });
    expect(await send({ idempotencyKey: 'k1' })).toMatchObject({ status: 200 });
    expect(await traces()).toEqual(ONCE);
  });

  it('never stores nor logs what its schemas mark as secret, and answers it once', async () => {
    const request = {
      type: 'session.open',
      data: { email: 'a@b.c', login: { password: SECRET } },
      idempotencyKey: 'k1',
    };
    expect(await send(request)).toMatchObject({ body: { user: 'a@b.c', token: `token-of-${SECRET}` } });
    expect((await send(request)).body).toEqual({ user: 'a@b.c' });
    const other = { ...request, data: { email: 'a@b.c', login: { password: 'another' } } };
    expect(await send(other)).toMatchObject({ status: 409 });
    expect(
      await send({
        ...request,
        data: { email: 'broken@b.c', login: { password: SECRET } },
        idempotencyKey: 'k2',
      }),
    ).toMatchObject({
      status: 500,
    });
    const [dump] = await fixture.rows<{ all: string }>(
      `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d),
         (select string_agg(a::text, '') from ledger.answer a), (select string_agg(r::text, '') from ledger.run r)) as all`,
    );
    expect(dump?.all).toContain('a@b.c');
    expect(dump?.all).not.toContain(SECRET);
    expect(logged.join('')).toContain('session.open');
    expect(logged.join('')).not.toContain(SECRET);
  });

  it.each([
    ['a field that is missing', { data: {} }, 400, 'command-invalid'],
    ['a field that nobody knows', { data: { user: 'a', admin: true } }, 400, 'command-invalid'],
    ['no data', { data: undefined }, 400, 'command-invalid'],
    ['an unknown command', { type: 'user.unfollowed' }, 404, 'command-unknown'],
    ['a key of 201 characters', { idempotencyKey: 'k'.repeat(201) }, 400, 'idempotency-key-invalid'],
    ['a handler that never ends', { type: 'test.slow', data: {} }, 503, 'time-limit'],
  ])('refuses %s', async (_, request, status, code) => {
    expect(await send(request)).toMatchObject({ status, body: { code } });
    expect(await traces()).toEqual(NOTHING);
  });

  it('cannot be done again once its answer is forgotten', async () => {
    await send({ idempotencyKey: 'k1' });
    await fixture.rows("update ledger.answer set kept_until = now() - interval '1 day'");
    await createLedgerRetention({ pool: fixture.pool }).forget({ limit: 100 });
    expect(await send({ idempotencyKey: 'k1' })).toMatchObject({
      status: 409,
      body: { code: 'idempotency-key-old' },
    });
    expect((await traces())?.follows).toBe(1);
  });
});

describe('a command over http', () => {
  const post = (headers: Record<string, string>, body = '{"user":"carol"}') =>
    fetch(`${server.url}/command`, {
      method: 'POST',
      headers: {
        'ce-specversion': '1.0',
        'ce-id': '1',
        'ce-source': 's',
        'ce-type': 'user.follow',
        ...headers,
      },
      body,
    });

  it.each([
    ['no token', {}],
    ['a token of nobody', { authorization: 'Bearer mallory' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ])('is refused with %s', async (_, headers) => {
    expect((await post({ 'content-type': 'application/json', ...headers })).status).toBe(401);
    expect(await traces()).toEqual(NOTHING);
  });

  it('is refused when it is no CloudEvent', async () => {
    const answer = await fetch(`${server.url}/command`, {
      method: 'POST',
      headers: { authorization: 'Bearer alice', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(400);
  });

  it('is answered 503 when its host is away, so that the caller may ask again with its key', async () => {
    const away = createHttpCommands({ urlOf: () => 'http://127.0.0.1:9', source: 's', timeoutMs: 1_000 });
    const request = { type: 'user.follow', data: {}, principal: alice };
    expect(await away.send(request)).toMatchObject({ status: 503, body: { code: 'command-host-away' } });
    expect(await ports.http?.send({ ...request, type: 'user.nobody' })).toMatchObject({ status: 503 });
  });
});

describe('two hosts of one command', () => {
  it('do it once between them: the second waits in the database for the first', async () => {
    const key = { type: 'user.follow', data: { user: 'carol' }, principal: alice, idempotencyKey: 'k9' };
    // Each has its own memory of what is under way; only the ledger knows of both.
    const other = createLocalCommands({
      commands: [
        {
          definition: follow as unknown as CommandDefinition,
          topology: {
            ...{
              name: 'follow-user',
              area: 'social',
              profile: 'light',
              triggers: [],
              command: 'user.follow',
            },
            ...{ emits: ['pipeline.video.placed'], puts: {}, promises: undefined },
          },
          timeoutMs: 5_000,
        },
      ],
      ledger: createCommandLedger({ pool: fixture.pool, source: 's', wake: () => undefined }),
      ports: {} as Ports,
      clock: { now: () => new Date() },
      random: { next: () => 0 },
      log: createLog({ service: 'test', level: 'silent' }),
      tracing: untold,
    });
    const answers = await Promise.all([local.send(key), other.send(key), local.send(key), other.send(key)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await traces()).toEqual(ONCE);
  });
});

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
