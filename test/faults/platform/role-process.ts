/** One process of the platform under test: a worker, the scheduler or the ingress, on the code of the product. */
import { join } from 'node:path';
import { connect } from '#shared/database';
import type { Ports } from '#shared/function';
import { createHostMetrics, createLaneHost, createProgressReporter, startHostLease } from '#shared/host';
import {
  type CommandRecord,
  commandIds,
  createCommandLedger,
  createHousekeeping,
  createLeases,
  createLedger,
  createOperations,
  createWorkLedger,
} from '#shared/ledger';
import { runScheduler } from '#shared/scheduler';
import { createFilesystemStore } from '#shared/storage';
import { createLog, createMetrics } from '#shared/telemetry';
import { createPostgresTransport } from '#shared/transport';
import { numbersFrom } from '../../seed.ts';
import { fan } from '../chain/fan.ts';
import firstStep from '../chain/first-step.ts';
import secondStep from '../chain/second-step.ts';
import thirdStep, { thirdStep as thirdPlace } from '../chain/third-step.ts';
import tickStep, { tickStep as tickPlace } from '../chain/tick-step.ts';
import { chain, firstStep as firstPlace, secondStep as secondPlace } from '../chain/topology.ts';
import type { FromRole, Order, RoleSettings, ToRole } from './messages.ts';

const EXIT_DEAD = 3;
const LANE = 'light';

function tell(message: FromRole): void {
  process.send?.(message);
}

type HostedFunction = Parameters<typeof createLaneHost>[0]['functions'][number];

interface Surroundings {
  readonly settings: RoleSettings;
  readonly pool: ReturnType<typeof connect>;
  readonly transport: ReturnType<typeof createPostgresTransport>;
  readonly wake: (lanes: readonly string[]) => void;
  readonly log: ReturnType<typeof createLog>;
}

function surroundings(settings: RoleSettings): Surroundings {
  const log = createLog({ service: settings.role, level: 'error' });
  const pool = connect({ url: settings.databaseUrl, max: 10, applicationName: `faults ${settings.role}` });
  const transport = createPostgresTransport({ pool, url: settings.databaseUrl, log });
  const { dropWakeUps } = settings;
  const numbers = numbersFrom(dropWakeUps?.seed ?? '');
  const wake = (lanes: readonly string[]): void => {
    if (dropWakeUps === undefined || numbers.next().value / 2 ** 32 >= dropWakeUps.share)
      transport.send(lanes);
  };
  return { settings, pool, transport, wake, log };
}

async function beWorker({
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
  const laneHost = createLaneHost({
    host,
    lane: LANE,
    concurrency: chain.profiles[LANE]?.concurrency ?? 1,
    functions: functionsOf(settings),
    work,
    lease,
    store: await createFilesystemStore({
      root: settings.objects,
      temporary: join(settings.objects, '.incoming', host),
    }),
    // Neither step needs one.
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => Math.random() },
    log,
    metrics: createHostMetrics(createMetrics({ service: 'faults' })),
    workRoot: join(settings.work, host),
    report: createProgressReporter(work, log).report,
  });
  await transport.listen((lane) => {
    if (lane === LANE) laneHost.wake();
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
    ...fan,
    ...(version === 'new' ? [{ definition: thirdStep, topology: thirdPlace }] : []),
  ];
  return all as unknown as HostedFunction[];
}

async function beScheduler({ pool, wake, log }: Surroundings): Promise<() => Promise<void>> {
  const stop = new AbortController();
  const housekeeping = createHousekeeping({ pool, source: chain.source, wake });
  const ended = runScheduler({ housekeeping, wake, log, signal: stop.signal });
  tell({ kind: 'ready' });
  return async () => {
    stop.abort();
    await ended;
  };
}

async function beIngress({ pool, wake }: Surroundings): Promise<() => Promise<void>> {
  const parts = { pool, source: chain.source, wake };
  const ledger = createLedger(parts);
  const operations = createOperations(parts);
  const commands = createCommandLedger(parts);
  const follow = (order: Order): Promise<unknown> => {
    switch (order.kind) {
      case 'publish':
        return ledger.publish(order.request);
      case 'cancel':
        return ledger.cancelRun(order);
      case 'retry':
        return ledger.retryStep(order);
      case 'replay':
        return operations.replay({
          run: order.run,
          from: order.from,
          redo: [order.from],
          idempotencyKey: order.key,
        });
      case 'command':
        return commands.commit(commandOf(order.key));
    }
  };
  process.on('message', (message: ToRole) => {
    if (message.kind !== 'order') return;
    const { id, order } = message;
    follow(order).then(
      (answer) => tell({ kind: 'answer', id, answer }),
      (error: Error) => tell({ kind: 'answer', id, error: error.message }),
    );
  });
  tell({ kind: 'ready' });
  return async () => undefined;
}

function commandOf(key: string): CommandRecord {
  const ids = commandIds({ principal: 'alice', operation: 'user.follow', key });
  return {
    ids,
    type: 'user.follow',
    function: 'follow-user',
    lane: LANE,
    owner: 'alice',
    data: {},
    requestHash: 'hash',
    wallMs: 1,
    events: [],
    reply: { following: true },
    write: async (tx) => {
      await tx.query('insert into effect (delivery, run) values ($1, $2)', [ids.delivery, ids.run]);
      return {};
    },
    storable: (reply) => reply,
  };
}

let ending: Promise<() => Promise<void>> | undefined;

async function end(around: Surroundings): Promise<void> {
  await (await ending)?.();
  await around.transport.close();
  await around.pool.end();
  process.exit(0);
}

process.on('message', (message: ToRole) => {
  if (message.kind !== 'settings') return;
  const around = surroundings(message.settings);
  const be = { worker: beWorker, scheduler: beScheduler, ingress: beIngress }[message.settings.role];
  ending = be(around);
  ending.catch((error: unknown) => {
    around.log.error({ err: error }, 'cannot start');
    process.exit(1);
  });
  process.on('message', (later: ToRole) => {
    if (later.kind === 'drain') void end(around);
  });
  process.on('SIGTERM', () => void end(around));
});
process.on('disconnect', () => process.exit(0));
