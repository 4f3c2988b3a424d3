import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { createClockWatch } from './clock-watch.ts';

const base = testTopology({ speak: [on('pipeline.started')] });
const topology = {
  ...base,
  functions: base.functions.map((fn) => ({ ...fn, uses: ['mail'] })),
  limits: { mail: { calls: 1, perMs: 1_000 } },
};
const away = { kind: 'transient', code: 'away', message: 'Away.' } as const;

let fixture: LedgerFixture;
beforeAll(async () => {
  fixture = await createLedgerFixture(topology);
});
afterAll(() => fixture.close());

const waits = async (): Promise<number[]> =>
  (
    await fixture.rows<{ ms: number }>(
      `select (extract(epoch from later_at - ledger.ledger_now()) * 1000)::int as ms
       from ledger.delivery where later_at is not null order by later_at`,
    )
  ).map(({ ms }) => ms);

describe('ledger time that went back an hour', () => {
  it('makes nothing wait for the hour: neither what was put off, nor who asks a provider, nor the end of a silent host', async () => {
    const watch = createClockWatch({ pool: fixture.pool });
    await watch.look(0);
    const host = await fixture.host();
    for (const delayMs of [20_000, 40_000]) {
      await fixture.start();
      await fixture.work.fail({ claim: await fixture.claimOne(host), failure: away, delayMs });
    }
    // Put off before the clock jumped ahead: its wait is not touched.
    await fixture.shiftClock('1 hour');
    const late = await fixture.host();
    for (const delayMs of [5_000, 9_000]) {
      await fixture.start();
      await fixture.work.fail({ claim: await fixture.claimOne(late), failure: away, delayMs });
    }
    await fixture.work.takeProvider({ provider: 'mail' });
    await watch.look(1_000);
    await fixture.shiftClock('-1 hour');

    await watch.look(2_000);
    const [first = 0, second = 0, third = 0, fourth = 0] = await waits();
    expect(first).toBeGreaterThan(0);
    for (const [wait, most] of [
      [first, 5_000],
      [second, 9_000],
      [third, 20_000],
      [fourth, 40_000],
    ] as const)
      expect(wait).toBeLessThanOrEqual(most);
    expect(
      await fixture.work.takeProvider({ provider: 'mail' }).catch((error) => error.retryAfterMs),
    ).toBeLessThanOrEqual(2_000);
    expect(
      await fixture.rows('select from ledger.host where id = $1 and renewed_at > ledger.ledger_now()', [
        late,
      ]),
    ).toEqual([]);
  });

  it('is mended once: a second look, and one of another scheduler, change nothing', async () => {
    const before = await waits();
    await createClockWatch({ pool: fixture.pool }).look(0);
    const after = await waits();
    for (const [at, wait] of after.entries()) expect((before[at] ?? 0) - wait).toBeLessThan(2_000);
    expect(after).toHaveLength(before.length);
  });
});
