import type { EventType } from '#shared/events';
import { commitOf, eventOf, on, testTopology, waitingForLocks } from '../../ledger-fixture.ts';
import { type Experiment, joined, take } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';

const types: EventType[] = [
  'pipeline.metadata.built',
  'pipeline.thumbnail.created',
  'pipeline.video.assembled',
];
const crossing = testTopology({
  first: [on('pipeline.started')],
  left: [on('pipeline.started')],
  right: [on('pipeline.started')],
  one: [{ kind: 'all', types, each: undefined }],
  two: [{ kind: 'all', types, each: undefined }],
});
const parts = testTopology({
  promise: [on('pipeline.started')],
  part: [on('pipeline.started')],
  other: [on('pipeline.started')],
  collect: [{ kind: 'each-of', type: 'scene.rendered', of: 'pipeline.script.generated' }],
});

/** Two functions publish the same part; the other one never comes. */
async function samePartTwice({ fixture, work }: Laboratory): Promise<void> {
  await fixture.start();
  for (const claim of await fixture.claim(await fixture.host()))
    await work.commit(commitOf(claim, [eventOf('pipeline.thumbnail.created')]));
  for (const claim of await fixture.claim(await fixture.host())) await work.commit(commitOf(claim));
}

/** The promise of a part and the part itself at the same moment. */
async function promiseAndPart({ fixture, work, holdAt }: Laboratory): Promise<void> {
  await fixture.start();
  const host = await fixture.host();
  const promise = await fixture.claimOne(host, { functions: ['promise'] });
  const part = await fixture.claimOne(host, { functions: ['part'] });
  // The first part makes the group; who makes it holds it as a lock would.
  const early = await fixture.claimOne(host, { functions: ['other'] });
  await work.commit(commitOf(early, [eventOf('scene.rendered', 'scene-001')]));
  const hold = holdAt('commit.recorded');
  const first = work.commit(
    commitOf(promise, [eventOf('pipeline.script.generated')], {
      promises: { name: 'scene', keys: ['scene-001', 'scene-002'] },
    }),
  );
  await hold.come;
  const second = work.commit(commitOf(part, [eventOf('scene.rendered', 'scene-002')]));
  await Promise.race([second, waitingForLocks(fixture, 1)]);
  hold.go();
  await Promise.all([first, second]);
  for (const claim of await fixture.claim(host)) await work.commit(commitOf(claim));
}

/** Two commits that move the same two joins. */
async function twoJoins({ fixture, work }: Laboratory): Promise<void> {
  await fixture.start();
  const host = await fixture.host();
  // The first one makes the joins.
  const [first, left, right] = await fixture.claim(host);
  if (first === undefined || left === undefined || right === undefined) throw new Error('three were due');
  await work.commit(commitOf(first, [eventOf('pipeline.metadata.built')]));
  await Promise.all([
    work.commit(commitOf(left, [eventOf('pipeline.thumbnail.created')])),
    work.commit(commitOf(right, [eventOf('pipeline.video.assembled')])),
  ]);
  for (const claim of await fixture.claim(host)) await work.commit(commitOf(claim));
}

/** Every second transaction from the last to the first, and slowly, so that two of them meet. */
function everySecondBackwards(): (text: string) => string {
  let asked = 0;
  return (text) => {
    asked += 1;
    const slow = take(text, 'select g.id', `select g.id, pg_sleep(0.3), ${asked}`);
    return asked % 2 === 0 ? take(slow, 'order by g.id', 'order by g.id desc') : slow;
  };
}

/** A join fires once, with all its parts, and nobody waits for ever. */
export const joins: readonly Experiment[] = [
  {
    name: 'joins locked in any order',
    guarantee: 'two waited for each other',
    topology: crossing,
    sabotage: [{ statement: 'join-lock', instead: everySecondBackwards() }],
    run: twoJoins,
  },
  {
    name: 'a counter without the insert check',
    guarantee: '5 a join fired short of a part',
    topology: joined,
    sabotage: [
      {
        statement: 'join-arrive',
        instead: (text) =>
          take(
            text,
            'on conflict do nothing',
            'on conflict (group_id, type, key) do update set event = excluded.event',
          ),
      },
    ],
    run: samePartTwice,
  },
  {
    name: 'counting in the statement that waits for the lock',
    guarantee: '5 a join has all its parts and did not fire',
    topology: parts,
    sabotage: [
      { statement: 'join-lock', instead: (text) => take(text, 'for update') },
      // Its insert would wait for whoever changes the group.
      {
        statement: 'join-create',
        instead: (text) =>
          take(
            text,
            'order by',
            'and not exists (select from ledger.join_group g where g.run = $1) order by',
          ),
      },
    ],
    run: promiseAndPart,
  },
];
