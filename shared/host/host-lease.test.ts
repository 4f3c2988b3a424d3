import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { startHostLease } from './index.ts';

let fixture: LedgerFixture;
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({ speak: [on('pipeline.started')] }));
});
afterAll(() => fixture.close());

async function watched(limits: readonly number[]) {
  const host = await fixture.host();
  const lease = startHostLease({ url: fixture.url, host, onDead: () => undefined });
  await lease.looking;
  await fixture.start();
  const claim = await fixture.claimOne(host);
  const attempts = limits.map((timeoutMs, index) =>
    lease.watch({ ...claim, fence: String(index + 1), timeoutMs }),
  );
  // What is told and does not let go ends with its process.
  for (const { signal, end } of attempts) signal.addEventListener('abort', end);
  onTestFinished(async () => {
    for (const { signal, end } of attempts) if (!signal.aborted) end();
    await lease.stop();
  });
  return { claim, attempts };
}

it('tells the attempt whose time is over, not the one that has begun since', async () => {
  const [first, second] = (await watched([300, 60_000])).attempts;
  await vi.waitFor(() => expect([first, second].some((one) => one?.signal.aborted)).toBe(true), 15_000);
  expect(second?.signal.aborted).toBe(false);
  expect(first?.signal.reason).toMatchObject({ code: 'time-limit' });
});

it('tells every attempt of a delivery that is no longer its host’s', async () => {
  const { claim, attempts } = await watched([60_000, 60_000]);
  await fixture.ledger.cancelRun({ run: claim.run });
  await vi.waitFor(
    () => expect(attempts.map(({ signal }) => signal.reason?.code)).toEqual(['cancelled', 'cancelled']),
    15_000,
  );
});
