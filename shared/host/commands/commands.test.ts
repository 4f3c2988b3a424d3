import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Conflict, Transient } from '#shared/errors';
import { createLedgerRetention } from '#shared/ledger';
import type { CommandAnswer, CommandRequest } from './commands.ts';
import {
  alice,
  bob,
  type CommandStage,
  NOTHING,
  ONCE,
  openCommandStage,
  SECRET,
  stage,
} from './testing/command-stage.ts';

let opened: CommandStage;
beforeAll(async () => {
  opened = await openCommandStage();
});
afterAll(() => opened?.close());
beforeEach(() => opened.clear());

describe.each(['in-process', 'http'])('a command, %s', (port) => {
  const send = (request: Partial<CommandRequest> = {}): Promise<CommandAnswer> => {
    const { principal = alice } = request;
    return (port === 'http' ? opened.http : opened.inProcess).send({
      type: 'user.follow',
      data: { user: 'carol' },
      principal,
      token: principal.sub,
      ...request,
    });
  };

  it('is answered, and is an event, a finished delivery, a row and the deliveries of what it emitted', async () => {
    expect(await send()).toMatchObject({ status: 200, body: { followers: 1 } });
    expect(await opened.traces()).toEqual({ ...ONCE, answers: 0 });
    const [delivery] = await opened.fixture.rows(
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
    expect(opened.fixture.woken).toContain('light');
  });

  it('is done once for a key, however often it is sent, and answers the same', async () => {
    const first = await send({ idempotencyKey: 'k1' });
    const again = await send({ idempotencyKey: 'k1' });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(lowerCased(again.headers)['idempotent-replayed']).toBe('true');
    expect(await opened.traces()).toEqual(ONCE);
    expect(stage.calls).toBe(1);
  });

  it('is done once for twenty at a time with one key', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send({ idempotencyKey: 'k1' })));
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
      Array.from({ length: 20 }, () => ({ status: 200, body: { followers: 1 } })),
    );
    expect(await opened.traces()).toEqual(ONCE);
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
    expect(await opened.traces()).toEqual(ONCE);
  });

  it('undoes what a refusal wrote, keeps the refusal for its key, and answers it again', async () => {
    const data = { user: 'nobody' };
    const first = await send({ idempotencyKey: 'k1', data });
    expect(first).toMatchObject({ status: 400, body: { code: 'user-unknown' } });
    expect(await opened.traces()).toEqual({ ...NOTHING, answers: 1 });
    expect(await send({ idempotencyKey: 'k1', data })).toMatchObject({ status: 400, body: first.body });
    expect(stage.calls).toBe(1);
    expect(await send({ data })).toMatchObject({ status: 400 });
    expect(await opened.traces()).toEqual({ ...NOTHING, answers: 1 });
  });

  it.each([
    ['a transient failure', () => new Transient('peer-away', 'The peer is away.'), 503],
    ['an unforeseen error', () => new TypeError('x is undefined'), 500],
  ])('does not keep %s: the same key may succeed afterwards', async (_, failure, status) => {
    stage.failures = [failure()];
    expect(await send({ idempotencyKey: 'k1' })).toMatchObject({ status });
    expect(await opened.traces()).toEqual(NOTHING);
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
    expect(await opened.traces()).toEqual(ONCE);
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
    const [dump] = await opened.fixture.rows<{ all: string }>(
      `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d),
         (select string_agg(a::text, '') from ledger.answer a), (select string_agg(r::text, '') from ledger.run r)) as all`,
    );
    expect(dump?.all).toContain('a@b.c');
    expect(dump?.all).not.toContain(SECRET);
    expect(opened.logged.join('')).toContain('session.open');
    expect(opened.logged.join('')).not.toContain(SECRET);
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
    expect(await opened.traces()).toEqual(NOTHING);
  });

  it('cannot be done again once its answer is forgotten', async () => {
    await send({ idempotencyKey: 'k1' });
    await opened.fixture.rows("update ledger.answer set kept_until = now() - interval '1 day'");
    await createLedgerRetention({ pool: opened.fixture.pool }).forget({ limit: 100 });
    expect(await send({ idempotencyKey: 'k1' })).toMatchObject({
      status: 409,
      body: { code: 'idempotency-key-old' },
    });
    expect((await opened.traces())?.follows).toBe(1);
  });
});

describe('two hosts of one command', () => {
  it('do it once between them: the second waits in the database for the first', async () => {
    const key = { type: 'user.follow', data: { user: 'carol' }, principal: alice, idempotencyKey: 'k9' };
    // Each has its own memory of what is under way; only the ledger knows of both.
    const hosts = [opened.inProcess, opened.otherHost()];
    const answers = await Promise.all([...hosts, ...hosts].map((host) => host.send(key)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await opened.traces()).toEqual(ONCE);
  });
});

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
