import { commitOf } from '../../ledger-fixture.ts';
import { type Experiment, one, take } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';
import type { Sabotage } from './sabotage.ts';

/** A paused worker and the one that took over from it. */
async function zombie({ fixture, work, writes, housekeeping }: Laboratory): Promise<void> {
  const paused = await fixture.host();
  await fixture.start();
  const stale = await fixture.claimOne(paused);
  await housekeeping.takeOver({ silentMs: 30_000, hosts: [paused] });
  const next = await fixture.claimOne(await fixture.host(), { suspects: true });
  await work.commit(commitOf(next, [], writes(next)));
  await work.commit(commitOf(stale, [], writes(stale))).catch(() => undefined);
}

/** A late attempt ends its delivery together with others that took no time. */
async function lateInABatch({ fixture, work, housekeeping, note }: Laboratory): Promise<void> {
  const paused = await fixture.host();
  await fixture.start();
  const stale = await fixture.claimOne(paused);
  await housekeeping.takeOver({ silentMs: 30_000, hosts: [paused] });
  const next = await fixture.claimOne(await fixture.host(), { suspects: true });
  await work.commit(commitOf(next));
  await fixture.start();
  const neighbour = await fixture.claimOne(await fixture.host());
  const [late, other] = await Promise.all(
    [stale, neighbour].map((claim) => work.commit(commitOf(claim, [], { quick: true }))),
  );
  if (late !== 'refused') note('2 a late attempt committed');
  if (other !== 'committed') note('2 a neighbour of a refused attempt did not commit');
}

/** A worker dies with work in hand; another one waits for it. */
async function lostHost({ fixture, work, housekeeping }: Laboratory): Promise<void> {
  const dead = await fixture.host();
  await fixture.start();
  await fixture.claimOne(dead);
  await housekeeping.takeOver({ silentMs: 30_000, hosts: [dead] });
  for (const claim of await fixture.claim(await fixture.host(), { suspects: true }))
    await work.commit(commitOf(claim));
}

const noFence: Sabotage = {
  statement: 'finish',
  instead: (text) =>
    take(text, `state = 'leased' and fence = $2 and host = $3`, '$2::bigint > 0 and $3::uuid is not null'),
};

/** Of two that hold the same work only the later one may commit, and lost work is done. */
export const fences: readonly Experiment[] = [
  {
    name: 'no fence check',
    guarantee: '2 an effect appeared twice',
    topology: one,
    sabotage: [noFence],
    run: zombie,
  },
  {
    name: 'no fence check where a commit takes two trips',
    guarantee: '2 an effect appeared twice',
    topology: one,
    sabotage: [
      {
        statement: 'single-commit',
        instead: (text) =>
          take(
            text,
            `d.state = 'leased' and d.fence = $2 and d.host = $3`,
            '$2::bigint > 0 and $3::uuid is not null',
          ),
      },
    ],
    run: zombie,
  },
  {
    name: 'no fence check where many commit together',
    guarantee: '2 a late attempt committed',
    topology: one,
    sabotage: [
      {
        statement: 'batch-commit',
        instead: (text) => take(text, `d.state = 'leased' and d.fence = a.fence and d.host = a.host`, 'true'),
      },
    ],
    run: lateInABatch,
  },
  {
    name: 'a lease that nobody takes over',
    guarantee: '4 work is open and nobody will do it',
    topology: one,
    sabotage: [
      {
        statement: 'take-over',
        instead: (text) => take(text, 'dead_at is not null and emptied_at is null', 'false'),
      },
    ],
    run: lostHost,
  },
];
