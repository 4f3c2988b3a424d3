import type { EventType } from '#shared/events';
import type { Topology } from '#shared/topology';
import { artifactOf, commitOf, eventOf, on, testTopology, waitingForLocks } from '../../ledger-fixture.ts';
import type { Laboratory } from './laboratory.ts';
import type { Sabotage } from './sabotage.ts';

/** An attempt to break one guarantee; it fails on the ledger as it is and succeeds once a statement is broken. */
export interface Experiment {
  readonly name: string;
  /** The beginning of what then no longer holds (see expect-guarantees.ts). */
  readonly guarantee: string;
  readonly topology: Topology;
  readonly sabotage: readonly Sabotage[];
  run(laboratory: Laboratory): Promise<void>;
}

const one = testTopology({ only: [on('pipeline.started')] });
const joined = testTopology({
  left: [on('pipeline.started')],
  right: [on('pipeline.started')],
  both: [{ kind: 'all', types: ['pipeline.thumbnail.created', 'pipeline.video.assembled'], each: undefined }],
});
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

const take = (text: string, words: string, instead = ''): string => text.replace(words, instead);

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

/** A commit that fails after everything was written and before COMMIT; then its run ends without it. */
async function failedCommit({ fixture, work, writes, failAt }: Laboratory): Promise<void> {
  await fixture.start();
  const claim = await fixture.claimOne(await fixture.host());
  failAt('commit.recorded');
  const artifacts = [artifactOf(claim, 'one.txt')];
  await work
    .commit(commitOf(claim, [eventOf('pipeline.video.placed')], { artifacts, ...writes(claim) }))
    .catch(() => undefined);
  await work.fail({
    claim,
    failure: { kind: 'permanent', code: 'told-to', message: 'It failed.' },
    delayMs: 0,
  });
}

async function failedPublication({ fixture, ledger, failAt }: Laboratory): Promise<void> {
  failAt('publish.recorded');
  const run = {
    id: '01a1fef6-0000-8000-a000-000000000000',
    flow: 'video',
    owner: 'a',
    title: 'T',
    labels: {},
  };
  await ledger.publish({ run, event: { type: 'pipeline.started', data: {} } }).catch(() => undefined);
  await fixture.rows('select 1');
}

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

/** Two look whether the run has settled, the second while the first is about to say so. */
async function settledByTwo({ fixture, work, housekeeping, holdAt }: Laboratory): Promise<void> {
  await fixture.start();
  const claim = await fixture.claimOne(await fixture.host());
  const hold = holdAt('settle.looked');
  const first = work.commit(commitOf(claim));
  await hold.come;
  const second = housekeeping.settleStranded();
  await Promise.race([second, waitingForLocks(fixture, 1)]);
  hold.go();
  await Promise.all([first, second]);
}

async function commitAfterCancel({ fixture, ledger, work }: Laboratory): Promise<void> {
  const run = await fixture.start();
  const claim = await fixture.claimOne(await fixture.host());
  await ledger.cancelRun({ run });
  await work.commit(commitOf(claim)).catch(() => undefined);
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

/** One part comes and the other never does. */
async function shortJoin({ fixture, work }: Laboratory): Promise<void> {
  await fixture.start();
  const [first, second] = await fixture.claim(await fixture.host());
  if (first === undefined || second === undefined) throw new Error('two were due');
  await work.commit(commitOf(first, [eventOf('pipeline.thumbnail.created')]));
  await work.commit(commitOf(second));
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

/** The last committer dies before it could look. */
async function strandedRun({ fixture, work, housekeeping, failAt }: Laboratory): Promise<void> {
  await fixture.start();
  const claim = await fixture.claimOne(await fixture.host());
  failAt('settle.looked');
  await work.commit(commitOf(claim));
  await housekeeping.settleStranded();
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

const noFence: Sabotage = {
  statement: 'finish',
  instead: (text) =>
    take(text, `state = 'leased' and fence = $2 and host = $3`, '$2::bigint > 0 and $3::uuid is not null'),
};

export const experiments: readonly Experiment[] = [
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
    name: 'joins locked in any order',
    guarantee: 'two waited for each other',
    topology: crossing,
    sabotage: [{ statement: 'join-lock', instead: everySecondBackwards() }],
    run: twoJoins,
  },
  {
    name: 'emitting outside the transaction',
    guarantee: '3 an event of a delivery that did not commit',
    topology: one,
    sabotage: [{ statement: 'publish', outside: true }],
    run: failedCommit,
  },
  {
    name: 'artifacts visible before the commit',
    guarantee: '3 an artifact of a delivery that did not commit',
    topology: one,
    sabotage: [{ statement: 'artifacts', outside: true }],
    run: failedCommit,
  },
  {
    name: "the handler's write outside the transaction",
    guarantee: '3 a row of a delivery that did not commit',
    topology: one,
    sabotage: [{ statement: 'insert into effect', outside: true }],
    run: failedCommit,
  },
  {
    name: 'an event published outside the transaction that opens its run',
    guarantee: '1 an event without its run',
    topology: one,
    sabotage: [{ statement: 'publish', outside: true }],
    run: failedPublication,
  },
  {
    name: 'a delivery inserted apart from its event',
    guarantee: '1 an event lacks a delivery',
    topology: one,
    sabotage: [
      {
        statement: 'publish',
        instead: (text) =>
          take(text, 'where s.function <> all ($10::text[])', 'where false and $10::text[] is not null'),
      },
    ],
    run: async ({ ledger, fixture }) => {
      const run = {
        id: '01a1fef6-0000-8000-a000-000000000000',
        flow: 'video',
        owner: 'a',
        title: 'T',
        labels: {},
      };
      await ledger.publish({ run, event: { type: 'pipeline.started', data: {} } });
      for (const claim of await fixture.claim(await fixture.host()))
        await fixture.work.commit(commitOf(claim));
    },
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
  {
    name: 'settling without the lock',
    guarantee: '6 a settled run did not say so, or said it twice',
    topology: one,
    sabotage: [{ statement: 'for update of r', instead: (text) => take(text, 'for update of r') }],
    run: settledByTwo,
  },
  {
    name: 'settling without a look at what joins lack',
    guarantee: '6 a run settled as what it is not',
    topology: joined,
    sabotage: [
      { statement: 'settle-look', instead: (text) => take(text, ') short\n', ') short where false\n') },
    ],
    run: shortJoin,
  },
  {
    name: 'nobody settles what a dead committer left',
    guarantee: '6 a run has not settled',
    topology: one,
    sabotage: [{ statement: 'unsettled', instead: (text) => take(text, `r.state = 'running'`, 'false') }],
    run: strandedRun,
  },
  {
    name: 'a cancelled run that accepts commits',
    guarantee: '7 something held after the cancel',
    topology: one,
    sabotage: [
      {
        statement: 'lock-run',
        instead: (text) => take(text, 'owner, flow, state,', `owner, flow, 'running' as state,`),
      },
      {
        statement: 'cancel',
        instead: (text) => take(text, 'and open order', `and open and state <> 'leased' order`),
      },
    ],
    run: commitAfterCancel,
  },
  {
    name: 'a lease that nobody takes over',
    guarantee: '4 work is open and nobody will do it',
    topology: one,
    sabotage: [{ statement: 'take-over', instead: (text) => take(text, 'h.dead_at is not null', 'false') }],
    run: lostHost,
  },
];
