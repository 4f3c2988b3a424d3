import { join } from 'node:path';
import { createPeopleErasure } from '#shared/erasure';
import type { Ports } from '#shared/function';
import { createHostMetrics, createLaneHost, createProgressReporter, startHostLease } from '#shared/host';
import { eraseFromInbox } from '#shared/inbox';
import { createLeases, createLedgerRetention, createWorkLedger } from '#shared/ledger';
import { createUpkeep } from '#shared/retention';
import { createFilesystemStore, openStore } from '#shared/storage';
import { createMetrics } from '#shared/telemetry';
import expireRuns from '../../../functions/platform/expire-runs/function.ts';
import { dropPlace, dropStep } from '../chain/drop-step.ts';
import { fan } from '../chain/fan.ts';
import firstStep from '../chain/first-step.ts';
import secondStep from '../chain/second-step.ts';
import thirdStep, { thirdStep as thirdPlace } from '../chain/third-step.ts';
import tickStep, { tickStep as tickPlace } from '../chain/tick-step.ts';
import { chain, expirePlace, firstStep as firstPlace, secondStep as secondPlace } from '../chain/topology.ts';
import { keepRunsDays, leftoverDays, type RoleSettings, sweepPagesPerMinute } from './messages.ts';
import { type Surroundings, tell } from './surroundings.ts';

const EXIT_DEAD = 3;
const LANE = 'light';

type HostedFunction = Parameters<typeof createLaneHost>[0]['functions'][number];

export async function beWorker({
  settings,
  pool,
  transport,
  wake,
  log,
}: Surroundings): Promise<() => Promise<void>> {
  const host = await createLeases(pool).enrol({ home: settings.work, lane: LANE, pid: process.pid });
  const url = settings.databaseUrl;
  const lease = startHostLease({ url, host, onDead: () => process.exit(EXIT_DEAD) });
  const work = createWorkLedger({ pool, source: chain.source, wake });
  const clock = { now: () => new Date() };
  const concurrency = chain.profiles[LANE]?.concurrency ?? 1;
  const { place } = settings;
  const store = await (place === undefined
    ? createFilesystemStore({
        root: settings.objects,
        temporary: join(settings.objects, '.incoming', host),
      })
    : openStore(place.artifacts));
  const retention = createUpkeep({
    ledger: createLedgerRetention({ pool }),
    people: createPeopleErasure({ pool }),
    store,
    eraseInbox: async (account) =>
      eraseFromInbox({
        ...(place === undefined ? { root: settings.inbox } : { store: await openStore(place.inbox) }),
        account,
        drops: { owners: 'prefix', owner: 'me' },
      }),
    clock,
    keepRunsDays,
    leftoverDays,
    sweepPagesPerMinute,
  });
  const laneHost = createLaneHost({
    host,
    lane: LANE,
    concurrency,
    functions: functionsOf(settings),
    work,
    lease,
    store,
    // No step needs another one.
    ports: { retention } as Ports,
    clock,
    random: { next: () => Math.random() },
    log,
    metrics: createHostMetrics(createMetrics({ service: 'faults' })),
    workRoot: join(settings.work, host),
    report: createProgressReporter(work, log).report,
  });
  await transport.listen(() => laneHost.wake(), {
    lanes: [LANE],
    room: () => concurrency - laneHost.running(),
  });
  laneHost.wake();
  tell({ kind: 'ready', host });
  return async () => {
    await laneHost.drain(300);
    await lease.stop();
  };
}

function functionsOf({ version = 'old' }: RoleSettings): HostedFunction[] {
  const all = [
    { definition: firstStep, topology: firstPlace },
    { definition: secondStep, topology: secondPlace },
    { definition: tickStep, topology: tickPlace },
    { definition: dropStep, topology: dropPlace },
    { definition: expireRuns, topology: expirePlace },
    ...fan,
    ...(version === 'new' ? [{ definition: thirdStep, topology: thirdPlace }] : []),
  ];
  return all as unknown as HostedFunction[];
}
