import { type Benchmark, type Measurement, measured, skipped } from './benchmark.ts';
import { type BenchLedger, SESSIONS, withLedger } from './ledger/with-ledger.ts';
import { bareRate, bareSender } from './rates/bare.ts';
import { ourRate } from './rates/ours.ts';
import { installPeers, peerRate, peerVersion } from './rates/peer.ts';
import { medianRate, type Rate } from './rates/rate.ts';

/** Runs of two steps each. Peers are slower by far: fewer will do. */
const SIZE = { rounds: 3, runs: 4_000, peerRuns: 1_000, bossRuns: 4_000 };
const FULL_SIZE = { rounds: 5, runs: 20_000, peerRuns: 5_000, bossRuns: 20_000 };

/** As many as our commits hold together at most. */
const BATCH = 200;

/** Rounds of each, one after another, so that what else the machine does falls on all alike. */
const contestants = ['bare', 'own', 'emits', 'graphile', 'dbos', 'boss', 'bossEmits'] as const;
type Contestant = (typeof contestants)[number];

/** Deliveries a second of a two-step chain, each with a row of its own and without, beside bare Postgres and peers. */
export default {
  name: 'throughput',
  run: ({ scratch, full = false }) =>
    withLedger(scratch, (ledger) => measure(ledger, full ? FULL_SIZE : SIZE)),
} satisfies Benchmark;

async function measure(ledger: BenchLedger, size: typeof SIZE): Promise<readonly Measurement[]> {
  const sender = await bareSender();
  const noPeers = await installPeers();
  const { runs, peerRuns, bossRuns } = size;
  const boss = { program: 'pg-boss', runs: bossRuns, batchSize: BATCH, workers: SESSIONS / 2 };
  const race: Record<Contestant, () => Promise<Rate>> = {
    bare: () => bareRate(ledger, { runs, sender }),
    own: () => ourRate(ledger, { runs, writes: 'own row' }),
    emits: () => ourRate(ledger, { runs, writes: 'nothing' }),
    graphile: () => peerRate(ledger, { program: 'graphile-worker', runs: peerRuns }),
    dbos: () => peerRate(ledger, { program: 'dbos', runs: peerRuns }),
    boss: () => peerRate(ledger, { ...boss, writes: 'own row' }),
    bossEmits: () => peerRate(ledger, { ...boss, writes: 'nothing' }),
  };
  const racing = contestants.filter((_, index) => index < 3 || noPeers === undefined);
  const rates = new Map<Contestant, Rate[]>(racing.map((name) => [name, []]));
  for (let round = 0; round < size.rounds; round += 1)
    for (const name of racing) rates.get(name)?.push(await race[name]());
  const of = (name: Contestant): Rate => medianRate(rates.get(name) ?? []);

  const [bare, own, emits] = [of('bare'), of('own'), of('emits')];
  const ours = [
    ...row({ what: 'deliveries, effect once, each with a row of its own', rate: own, goal: 3_500 }),
    ratio({ what: '… ÷ bare, one CTE a step', of: own, to: bare, goal: 0.45 }),
    ...row({ what: `bare: one CTE a step, ${SESSIONS} sessions, by ${sender}`, rate: bare }),
    ...row({ what: 'deliveries, emits only, committed in arrays', rate: emits, goal: 10_000 }),
    ratio({ what: '… ÷ bare', of: emits, to: bare }),
  ];
  if (noPeers !== undefined) return [...ours, skipped('DBOS, graphile-worker, pg-boss', noPeers)];
  const [dbos, graphile, pgBoss] = await Promise.all(
    ['@dbos-inc/dbos-sdk', 'graphile-worker', 'pg-boss'].map(peerVersion),
  );
  const batches = `transactional, ${SESSIONS / 2} × ${BATCH}`;
  return [
    ...ours,
    ...row({ what: `${dbos}, effect once, a row of its own`, rate: of('dbos') }),
    ratio({ what: '… ours ÷ it', of: own, to: of('dbos'), goal: 4 }),
    ...row({ what: `${graphile}, local queue, at least once, a row of its own`, rate: of('graphile') }),
    ratio({ what: '… ours ÷ it', of: own, to: of('graphile'), goal: 1.5 }),
    ...row({ what: `${pgBoss}, ${batches}, emits only; one failure takes its batch`, rate: of('bossEmits') }),
    ratio({ what: '… ours, each fenced alone ÷ it', of: emits, to: of('bossEmits') }),
    ...row({ what: `${pgBoss}, ${batches}, rows in one insert a batch`, rate: of('boss') }),
    ratio({ what: '… ours, each fenced alone ÷ it', of: own, to: of('boss') }),
  ];
}

function row(figure: { what: string; rate: Rate; goal?: number }): readonly Measurement[] {
  const { what, rate, goal } = figure;
  return [
    measured({
      ...{ what, value: rate.perSecond, unit: '/s' },
      ...(goal === undefined ? {} : { goal: { atLeast: goal } }),
    }),
    measured({ what: '… CPU a delivery, the database with it', value: rate.cpuMs, unit: 'ms', digits: 2 }),
  ];
}

function ratio(figure: { what: string; of: Rate; to: Rate; goal?: number }): Measurement {
  const { what, goal } = figure;
  const value = figure.of.perSecond / figure.to.perSecond;
  return measured({
    ...{ what, value, unit: '×', digits: 2 },
    ...(goal === undefined ? {} : { goal: { atLeast: goal } }),
  });
}
