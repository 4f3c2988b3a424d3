import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commitOf,
  createLedgerFixture,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import { createHandlerStatements } from './handler-statements.ts';
import type { Transaction } from './handler-write.ts';

describe('statements of handlers', () => {
  it('are named once they have come three times, each by its own name', () => {
    const statements = createHandlerStatements();
    expect([1, 2].map(() => statements.nameOf('select 1'))).toEqual([undefined, undefined]);
    const name = statements.nameOf('select 1');
    expect(name).toMatch(/^handler-\d+$/);
    expect(statements.nameOf('select 1')).toBe(name);
    expect([1, 2, 3].map(() => statements.nameOf('select 2')).at(-1)).not.toBe(name);
  });

  it('are no more than two hundred, however many texts there are', () => {
    const statements = createHandlerStatements();
    for (let round = 0; round < 3; round += 1)
      for (let number = 0; number < 1_000; number += 1) statements.nameOf(`select ${number}`);
    const named = Array.from({ length: 1_000 }, (_, number) => statements.nameOf(`select ${number}`));
    expect(named.filter((name) => name !== undefined).length).toBeLessThanOrEqual(200);
  });

  describe('in a commit', () => {
    let fixture: LedgerFixture;
    beforeAll(async () => {
      fixture = await createLedgerFixture(testTopology({ speak: [on('pipeline.started')] }), { max: 1 });
    });
    afterAll(() => fixture.close());

    it('are prepared once a session, and prepared anew when a deployment changes what they answer', async () => {
      await fixture.rows('create table seat (number int)');
      const host = await fixture.host();
      const text = 'select * from seat';
      const seen: unknown[] = [];
      const write = async (tx: Transaction) => {
        seen.push(await tx.query(text));
        return {};
      };
      const once = async () => {
        await fixture.start();
        const claim = await fixture.claimOne(host);
        expect(await fixture.work.commit(commitOf(claim, [], { write }))).toBe('committed');
      };
      for (let round = 0; round < 5; round += 1) await once();
      expect(
        await fixture.rows('select count(*)::int as n from pg_prepared_statements where statement = $1', [
          text,
        ]),
      ).toEqual([{ n: 1 }]);
      await fixture.rows(`alter table seat add column taken boolean`);
      await fixture.rows('insert into seat values (1, true)');
      await once();
      expect(seen.at(-1)).toEqual([{ number: 1, taken: true }]);
    });
  });
});
