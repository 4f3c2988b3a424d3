import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { runIdFor } from '#shared/ledger';
import { inParallel } from '../ledger-fixture.ts';
import { numbersFrom, testSeed } from '../seed.ts';
import { fanParts } from './chain/fan.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { startTestPlatform, type TestPlatform } from './platform/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());

const runs = 1_000;
const seed = testSeed();
const numbers = numbersFrom(`${seed} storm`);
const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, at: numbers.next().value }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

it(`10,000 deliveries, four workers of which some die, every request twice and in any order, wake-ups dropped (seed ${seed})`, async () => {
  const more = (name: string) => ({ dropWakeUps: { share: 0.01, seed: `${seed} ${name}` } });
  await platform.start('scheduler', more('scheduler'));
  const workers = await Promise.all([1, 2, 3, 4].map((n) => platform.start('worker', more(`worker ${n}`))));
  const twice = Array.from({ length: runs }, (_, index) => [index, index]).flat();
  await inParallel(shuffled(twice), 4, async (index) => {
    const key = `storm-${index}`;
    await platform.ledger.publish({
      run: {
        id: runIdFor({ owner: 'alice', operation: 'fan', key }),
        flow: 'fan',
        owner: 'alice',
        title: key,
        labels: {},
      },
      event: { type: 'pipeline.keywords.fetched', data: eventCatalogue['pipeline.keywords.fetched'].example },
      idempotency: { key, requestHash: key },
    });
  });
  for (let death = 0; death < 3; death += 1) {
    await sleep(500 + (numbers.next().value % 1_000));
    const at = numbers.next().value % workers.length;
    await workers[at]?.kill();
    workers[at] = await platform.start('worker', more(`worker ${at} after death ${death}`));
  }
  await platform.settled(240_000);
  await expectGuarantees({ pool: platform.pool, objects: platform.objects });
  const [count] = await platform.rows<{ effects: number; runs: number }>(
    `select (select count(*)::int from effect) as effects, (select count(*)::int from ledger.run where state = 'completed') as runs`,
  );
  expect(count).toEqual({ runs, effects: runs * (fanParts + 2) });
}, 300_000);
