import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { type PublishRequest, runIdFor } from '#shared/ledger';
import { inParallel } from '../ledger-fixture.ts';
import { numbersFrom } from '../seed.ts';
import { FAN_PARTS } from './chain/fan.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { chainRun, type TestPlatform } from './platform/platform.ts';

/**
 * Four workers of which some die, every request twice and in any order, one wake-up of a hundred dropped; all that the
 * runs are to do is done once.
 *
 * @param request `fans`: runs of ten deliveries; `chains`: runs of two, each with an artifact
 */
export async function storm(
  platform: TestPlatform,
  { fans, chains, seed, limitMs }: { fans: number; chains: number; seed: string; limitMs: number },
): Promise<void> {
  const numbers = numbersFrom(`${seed} storm`);
  const shuffled = <Item>(items: readonly Item[]): Item[] =>
    items
      .map((item) => ({ item, at: numbers.next().value }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  const more = (name: string) => ({ dropWakeUps: { share: 0.01, seed: `${seed} ${name}` } });
  await platform.start('scheduler', more('scheduler'));
  const workers = await Promise.all([1, 2, 3, 4].map((n) => platform.start('worker', more(`worker ${n}`))));
  const requests = [
    ...Array.from({ length: fans }, (_, index) => fanRequest(`storm-${index}`)),
    ...Array.from({ length: chains }, (_, index) => chainRequest(`chain-${index}`)),
  ];
  await inParallel(shuffled([...requests, ...requests]), 4, async (request) => {
    await platform.ledger.publish(request);
  });
  for (let death = 0; death < 3; death += 1) {
    await sleep(500 + (numbers.next().value % 1_000));
    const at = numbers.next().value % workers.length;
    await workers[at]?.kill();
    workers[at] = await platform.start('worker', more(`worker ${at} after death ${death}`));
  }
  await platform.settled(limitMs);
  await expectGuarantees({ pool: platform.pool, objects: platform.stored });
  const [count] = await platform.rows<{ effects: number; runs: number }>(
    `select (select count(*)::int from effect) as effects, (select count(*)::int from ledger.run where state = 'completed') as runs`,
  );
  expect(count).toEqual({ runs: fans + chains, effects: fans * (FAN_PARTS + 2) + chains * 2 });
}

function fanRequest(key: string): PublishRequest {
  return {
    run: {
      id: runIdFor({ owner: 'alice', operation: 'fan', key }),
      flow: 'fan',
      owner: 'alice',
      title: key,
      labels: {},
    },
    event: { type: 'pipeline.keywords.fetched', data: eventCatalogue['pipeline.keywords.fetched'].example },
    idempotency: { key, requestHash: key },
  };
}

function chainRequest(key: string): PublishRequest {
  const id = runIdFor({ owner: 'alice', operation: 'chain', key });
  return { ...chainRun('does its work', id), idempotency: { key, requestHash: key } };
}
