/** A lane's process: hosts the functions of one profile. Ends with its supervisor. */
import { join } from 'node:path';
import { connect } from '#shared/database';
import {
  createHostMetrics,
  createLaneHost,
  createProgressReporter,
  createReceiver,
  startHostLease,
} from '#shared/host';
import { serve } from '#shared/http';
import { createLeases, createWorkLedger } from '#shared/ledger';
import { createPorts } from '#shared/ports';
import { openStore } from '#shared/storage';
import { createLog, createMetrics, createTracing } from '#shared/telemetry';
import { readTopology } from '#shared/topology';
import { openTransport } from '../../platform/open-transport.ts';
import type { FromLane, LaneSettings, ToLane } from './lane-settings.ts';
import { loadFunctions } from './load-functions.ts';
import { topologyPath } from './paths.ts';

const IDLE_MS = 60_000;
const DRAIN_GRACE_MS = 3_000;
/** The ledger has declared this host dead; its work is somebody else's. */
const EXIT_DEAD = 3;

function tell(message: FromLane): void {
  process.send?.(message);
}

async function host(settings: LaneSettings): Promise<{ drain(): Promise<void> }> {
  const { lane, home, databaseUrl } = settings;
  const log = createLog({ service: `lane-${lane}`, level: settings.logLevel });
  const topology = readTopology({ path: topologyPath });
  const profile = topology.profiles[lane];
  const concurrency = profile?.concurrency ?? 1;
  const pool = connect({ url: databaseUrl, max: concurrency + 2, applicationName: `millrace ${lane}` });
  const transport = openTransport({
    settings: settings.transport,
    pool,
    url: databaseUrl,
    lanes: Object.keys(topology.profiles),
    log,
  });
  const work = createWorkLedger({ pool, source: topology.source, wake: (lanes) => transport.send(lanes) });
  const hostId = await createLeases(pool).enrol({ home, lane, pid: process.pid });
  const lease = startHostLease({ url: databaseUrl, host: hostId, onDead: () => process.exit(EXIT_DEAD) });
  const processMetrics = createMetrics({ service: `lane-${lane}` });
  const tracing = await createTracing({ service: `lane-${lane}`, target: settings.tracing });
  const clock = { now: () => new Date() };
  const { artifacts } = settings;
  const store = await openStore(
    artifacts.driver === 's3' ? artifacts : { ...artifacts, temporary: join(settings.incomingRoot, hostId) },
  );
  const functions = await loadFunctions(topology, lane);
  const laneHost = createLaneHost({
    tracing,
    host: hostId,
    lane,
    concurrency,
    functions,
    work,
    lease,
    store,
    ports: await createPorts({
      settings: settings.ports,
      functions: functions.map(({ definition }) => definition),
      platform: { pool, store, clock },
    }),
    clock,
    random: { next: () => Math.random() },
    log,
    metrics: createHostMetrics(processMetrics),
    workRoot: join(settings.workRoot, hostId),
    report: createProgressReporter(work, log).report,
  });
  const receiver = createReceiver({
    host: laneHost,
    metrics: processMetrics,
    health: async () => void (await pool.query('select 1')),
  });
  const server = await serve(receiver, { port: 0, hostname: '127.0.0.1', log });
  await lease.looking;
  let isDraining = false;
  await transport.listen(() => laneHost.wake(), {
    lanes: [lane],
    room: () => (isDraining ? 0 : concurrency - laneHost.running()),
  });
  laneHost.wake();
  tell({ kind: 'ready', host: hostId, port: server.port });
  const idle = setInterval(() => {
    if (performance.now() - laneHost.lastBusyAt() > IDLE_MS) tell({ kind: 'idle' });
  }, 5_000);
  return {
    async drain() {
      isDraining = true;
      clearInterval(idle);
      await laneHost.drain(DRAIN_GRACE_MS);
      await tracing.close();
      await lease.stop();
      await server.close({ graceMs: 500 });
      await transport.close();
      await pool.end();
    },
  };
}

let hosted: Promise<{ drain(): Promise<void> }> | undefined;

process.on('message', (message: ToLane) => {
  if (message.kind === 'settings') {
    hosted = host(message.settings);
    hosted.catch((error) => {
      createLog({ service: `lane-${message.settings.lane}` }).error({ error }, 'the lane cannot start');
      process.exit(1);
    });
    return;
  }
  void Promise.resolve(hosted)
    .then((running) => running?.drain())
    .finally(() => process.exit(0));
});
// Its supervisor died: the ledger will give the work to the next one at once, so there is nothing to save here.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the supervisor drains its lanes in order.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
