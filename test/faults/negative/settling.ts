import { commitOf, eventOf, waitingForLocks } from '../../ledger-fixture.ts';
import { type Experiment, joined, one, take } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';

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

/** One part comes and the other never does. */
async function shortJoin({ fixture, work }: Laboratory): Promise<void> {
  await fixture.start();
  const [first, second] = await fixture.claim(await fixture.host());
  if (first === undefined || second === undefined) throw new Error('two were due');
  await work.commit(commitOf(first, [eventOf('pipeline.thumbnail.created')]));
  await work.commit(commitOf(second));
}

/** The last committer dies before it could look. */
async function strandedRun({ fixture, work, housekeeping, failAt }: Laboratory): Promise<void> {
  await fixture.start();
  const claim = await fixture.claimOne(await fixture.host());
  failAt('settle.looked');
  await work.commit(commitOf(claim));
  await housekeeping.settleStranded();
}

async function commitAfterCancel({ fixture, ledger, work }: Laboratory): Promise<void> {
  const run = await fixture.start();
  const claim = await fixture.claimOne(await fixture.host());
  await ledger.cancelRun({ run });
  await work.commit(commitOf(claim)).catch(() => undefined);
}

/** A run settles once, as what it is, and nothing of it goes on. */
export const settling: readonly Experiment[] = [
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
];
