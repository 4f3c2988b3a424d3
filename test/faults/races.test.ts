import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRunId } from '#shared/ledger';
import { numbersFrom, testSeed } from '../seed.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { chainRun, startTestPlatform, type TestPlatform } from './platform/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());

const seed = testSeed();
const numbers = numbersFrom(`${seed} races`);

it(`cancel, retry and replay race with commits: each holds wholly or not at all (seed ${seed})`, async () => {
  const [ingress] = await Promise.all([
    platform.start('ingress'),
    platform.start('scheduler'),
    platform.start('worker'),
    platform.start('worker'),
  ]);
  const said = { cancelled: 0, 'already-settled': 0, retried: 0, replayed: 0 };
  await Promise.all(
    Array.from({ length: 120 }, async (_, at) => {
      const topic = ['does its work', 'fails for good', 'takes a while'][at % 3] ?? '';
      const { run, event } = chainRun(topic);
      await sleep(numbers.next().value % 3_000);
      await platform.ledger.publish({ run, event });
      await sleep(numbers.next().value % 600);
      const kind = (['cancel', 'retry', 'replay'] as const)[numbers.next().value % 3] ?? 'cancel';
      const order =
        kind === 'cancel'
          ? { kind, run: run.id }
          : kind === 'retry'
            ? { kind, run: run.id, function: 'first-step' }
            : { kind, run: run.id, from: 'first-step', key: newRunId() };
      // A retry and a replay are refused while the run goes on; asked again and again they meet its very end.
      for (let attempt = 1; attempt <= (kind === 'cancel' ? 1 : 40); attempt += 1) {
        const answer = await ingress.order(order).catch(() => undefined);
        if (answer === undefined) {
          await sleep(100);
          continue;
        }
        if (kind === 'cancel') said[answer as 'cancelled' | 'already-settled'] += 1;
        else said[kind === 'retry' ? 'retried' : 'replayed'] += 1;
        break;
      }
    }),
  );
  await platform.settled(60_000);
  const [counted] = await platform.rows<{ cancelled: number; forked: number }>(
    `select count(*) filter (where state = 'cancelled')::int as cancelled, count(forked_from)::int as forked from ledger.run`,
  );
  expect(counted).toEqual({ cancelled: said.cancelled, forked: said.replayed });
  // Else there was no race.
  expect(said.cancelled).toBeGreaterThan(0);
  expect(said.replayed + said.retried).toBeGreaterThan(0);
  await expectGuarantees({ pool: platform.pool, objects: platform.objects, leftovers: true });
}, 120_000);
