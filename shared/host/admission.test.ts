import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { type Admit, createAdmission } from './admission.ts';

const topology = testTopology({ 'keyword-fetch': [on('pipeline.started')] });
let fixture: LedgerFixture;
let admit: Admit;
beforeAll(async () => {
  fixture = await createLedgerFixture(topology);
  admit = createAdmission({ topology, ledger: fixture.ledger });
});
afterAll(() => fixture.close());
beforeEach(() => fixture.rows('truncate ledger.run, ledger.event, ledger.delivery'));

const send = (given: { id?: string; source?: string; account?: string; topic?: string } = {}) => {
  const { id = 'order-7', source = 'https://shop.example/orders', account = 'alice', topic = 'Bees' } = given;
  const { settings } = eventCatalogue['pipeline.started'].example;
  return admit({
    event: {
      ...{ id, source, type: 'pipeline.started', subject: 'A video', attributes: {} },
      data: { settings, topic },
    },
    caller: { sub: account, account, roles: [], expiresAt: new Date() },
    traceparent: undefined,
  });
};
const events = () =>
  fixture.rows<{ owner: string; source: string; outside_id: string }>(
    `select r.owner, e.source, e.outside_id, e.subject from ledger.event e join ledger.run r on r.id = e.run
     order by r.owner, e.source, e.outside_id`,
  );

describe('a whole CloudEvent from outside', () => {
  it('keeps the id, source and subject that its sender gave it', async () => {
    await send();
    expect(await events()).toEqual([
      { owner: 'alice', source: 'https://shop.example/orders', outside_id: 'order-7', subject: 'A video' },
    ]);
  });

  it('is one event, however often and at once it is sent, and whatever it says the second time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => send()));
    await send({ topic: 'Wasps' });
    expect(await events()).toHaveLength(1);
    expect(await fixture.rows('select from ledger.delivery')).toHaveLength(1);
  });

  it('is another one with another id, or of another source', async () => {
    await send();
    await send({ id: 'order-8' });
    await send({ source: '/warehouse' });
    expect((await events()).map(({ source, outside_id }) => [source, outside_id])).toEqual([
      ['/warehouse', 'order-7'],
      ['https://shop.example/orders', 'order-7'],
      ['https://shop.example/orders', 'order-8'],
    ]);
  });

  it('takes no id away from another account', async () => {
    await send();
    await send({ account: 'bob' });
    expect((await events()).map(({ owner }) => owner)).toEqual(['alice', 'bob']);
  });
});
