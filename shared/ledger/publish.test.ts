import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { newRunId, runIdFor } from './ids.ts';
import type { PublishRequest } from './publish.ts';

describe('publishing', () => {
  let fixture: LedgerFixture;

  beforeAll(async () => {
    fixture = await createLedgerFixture(
      testTopology({ left: [on('pipeline.started')], right: [on('pipeline.started')] }),
    );
  });
  afterAll(() => fixture.close());

  const requestOf = (id: string, more: Partial<PublishRequest> = {}): PublishRequest => ({
    run: { id, flow: 'video', owner: 'alice', title: 'Octopuses', labels: { series: 'sea' } },
    event: { type: 'pipeline.started', data: { topic: 'octopuses' } },
    ...more,
  });
  const keyed = (key: string, requestHash: string): PublishRequest =>
    requestOf(runIdFor({ owner: 'alice', operation: 'pipelines', key }), {
      idempotency: { key, requestHash },
    });
  const countsOf = async (run: string) =>
    (
      await fixture.rows<{ runs: number; events: number; deliveries: number }>(
        `select (select count(*)::int from ledger.run where id = $1) as runs,
           (select count(*)::int from ledger.event where run = $1) as events,
           (select count(*)::int from ledger.delivery where run = $1) as deliveries`,
        [run],
      )
    )[0];

  it('opens the run with its event and a delivery for each subscriber, and wakes their lane', async () => {
    const id = newRunId();
    expect(await fixture.ledger.publish(requestOf(id))).toEqual({
      run: id,
      event: `${id.slice(0, -4)}0001`,
      created: true,
    });
    expect(await countsOf(id)).toEqual({ runs: 1, events: 1, deliveries: 2 });
    expect(fixture.woken.at(-1)).toBe('light');
    expect(await fixture.ledger.getRun(id)).toMatchObject({
      state: 'running',
      owner: 'alice',
      labels: { series: 'sea' },
      input: { topic: 'octopuses' },
    });
  });

  it('leaves nothing behind when it fails half-way', async () => {
    const id = newRunId();
    const event = { type: 'scene.scripted' as const, data: {} };
    await expect(fixture.ledger.publish(requestOf(id, { event }))).rejects.toMatchObject({
      code: 'event-key-missing',
    });
    expect(await countsOf(id)).toEqual({ runs: 0, events: 0, deliveries: 0 });
  });

  it('refuses a flow that does not stand in events.yaml: nothing would ever settle it', async () => {
    const request = requestOf(newRunId());
    await expect(
      fixture.ledger.publish({ ...request, run: { ...request.run, flow: 'vidoe' } }),
    ).rejects.toMatchObject({
      kind: 'permanent',
      code: 'flow-unknown',
      message: expect.stringContaining('vidoe'),
    });
  });

  it('makes one run of twenty requests with the same key at once', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 20; round += 1) {
      const request = keyed(`round ${round}`, 'a');
      const answers = await Promise.all(Array.from({ length: 20 }, () => fixture.ledger.publish(request)));
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(answers.map(({ run, event }) => `${run} ${event}`)).size).toBe(1);
      expect(await countsOf(request.run.id)).toEqual({ runs: 1, events: 1, deliveries: 2 });
    }
  });

  it('refuses a key that came with another request, also at the same moment', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        fixture.ledger.publish(keyed('raced', index % 2 === 0 ? 'a' : 'b')),
      ),
    );
    const won = answers.filter((answer) => answer.status === 'fulfilled');
    const lost = answers.filter((answer) => answer.status === 'rejected');
    expect([won.length, lost.length]).toEqual([10, 10]);
    for (const { reason } of lost) {
      expect(reason).toMatchObject({
        kind: 'conflict',
        code: 'idempotency-key-reused',
        field: 'Idempotency-Key',
      });
    }
    expect(await countsOf(keyed('raced', 'a').run.id)).toEqual({ runs: 1, events: 1, deliveries: 2 });
  });

  it('keeps the keys of two owners and two operations apart', () => {
    const key = { owner: 'alice', operation: 'pipelines', key: 'k' };
    const ids = [key, { ...key, owner: 'bob' }, { ...key, operation: 'books' }, { ...key, key: 'l' }].map(
      runIdFor,
    );
    expect(new Set(ids).size).toBe(4);
    // Words that run together otherwise.
    expect(runIdFor({ owner: 'a', operation: 'bc', key: 'd' })).not.toBe(
      runIdFor({ owner: 'ab', operation: 'c', key: 'd' }),
    );
  });

  it('refuses a run id that is taken', async () => {
    const id = newRunId();
    await fixture.ledger.publish(requestOf(id));
    await expect(fixture.ledger.publish(requestOf(id))).rejects.toMatchObject({ kind: 'conflict' });
  });

  it.each([
    ['NUL', 'a\0b', 'a\ufffdb'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['an escape that is only text', 'a\\u0000b', 'a\\u0000b'],
    [
      'quotes, backslashes, emoji',
      `'"\\ 🐙 ${'$'}1; drop table ledger.run`,
      `'"\\ 🐙 ${'$'}1; drop table ledger.run`,
    ],
  ])('stores %s in a title, a label and a payload', async (_, text, read) => {
    const id = newRunId();
    const run = { id, flow: 'video', owner: 'alice', title: text, labels: { [text]: text } };
    await fixture.ledger.publish({ run, event: { type: 'pipeline.started', data: { topic: text } } });
    expect(await fixture.ledger.getRun(id)).toMatchObject({
      title: read,
      labels: { [read]: read },
      input: { topic: read },
    });
  });
});
