import { artifactOf, commitOf, eventOf } from '../../ledger-fixture.ts';
import { type Experiment, one, take } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';

const PUBLICATION = {
  run: {
    id: '01a1fef6-0000-8000-a000-000000000000',
    flow: 'video',
    owner: 'a',
    title: 'T',
    labels: {},
  },
  event: { type: 'pipeline.started', data: {} },
} as const;

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
  await ledger.publish(PUBLICATION).catch(() => undefined);
  await fixture.rows('select 1');
}

async function wholePublication({ ledger, fixture }: Laboratory): Promise<void> {
  await ledger.publish(PUBLICATION);
  for (const claim of await fixture.claim(await fixture.host())) await fixture.work.commit(commitOf(claim));
}

/** What belongs together appears together or not at all. */
export const transactions: readonly Experiment[] = [
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
    run: wholePublication,
  },
];
