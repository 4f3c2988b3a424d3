import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#shared/config';
import { connect, migrate, readMigrations, startEmbeddedPostgres } from '#shared/database';
import { serve } from '#shared/http';
import {
  createHousekeeping,
  createLedger,
  type Ledger,
  ledgerMigrations,
  syncTopology,
  tracedLedger,
} from '#shared/ledger';
import { portSettings } from '#shared/ports';
import { type ObjectStore, openStore, storeSettings } from '#shared/storage';
import { createMetrics, createTracing, type Log, type Metrics } from '#shared/telemetry';
import { readTopology } from '#shared/topology';
import { startInbound } from '../../platform/inbound.ts';
import { openInbox } from '../../platform/open-inbox.ts';
import { openIngress } from '../../platform/open-ingress.ts';
import { openTransport, transportSettings } from '../../platform/open-transport.ts';
import { tracingTarget } from '../../platform/tracing-target.ts';
import { Undoing } from '../../platform/undoing.ts';
import { startSpareLane } from './fork-lane.ts';
import { startKeyRotation } from './key-rotation.ts';
import type { LaneSettings } from './lane-settings.ts';
import { startLanes } from './lanes.ts';
import { dataPaths, topologyPath } from './paths.ts';
import { restartDatabase } from './restart-database.ts';
import { type Scheduler, startScheduler } from './start-scheduler.ts';

/** A platform that runs on this machine. */
export interface Platform {
  readonly url: string;
  readonly ledger: Ledger;
  readonly artifacts: ObjectStore;
  /** Rejects when it cannot go on. */
  readonly failed: Promise<never>;
  /** Replaces the process of one lane, so that it runs the code as it is now (`millrace dev`). */
  restartLane(lane: string): Promise<void>;
  /** Drains: what is in work for longer goes back to the queue. */
  stop(): Promise<void>;
}

/** Starts everything that one machine needs. */
export async function startPlatform(options: {
  config: Config;
  log: Log;
  signal?: AbortSignal;
}): Promise<Platform> {
  const undoing = new Undoing();
  try {
    return await start(options, undoing);
  } catch (error) {
    await undoing.run(options.log);
    throw error;
  }
}

async function start(
  { config, log, signal }: { config: Config; log: Log; signal?: AbortSignal },
  undoing: Undoing,
): Promise<Platform> {
  const paths = dataPaths(config.dataDir);
  const topology = readTopology({ path: topologyPath });
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);

  const spare = startSpareLane();
  undoing.add(spare.end);
  const database = await openDatabase({ config, log, folder: paths.postgres, undoing, fail: failure.reject });
  signal?.throwIfAborted();
  const pool = connect({ url: database.url, max: 8, applicationName: 'millrace ingress', log });
  undoing.add(() => pool.end());
  await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
  await syncTopology(pool, topology);

  const carrier = { settings: transportSettings(config), lanes: Object.keys(topology.profiles) };
  const transport = openTransport({ ...carrier, pool, url: database.directUrl, log });
  undoing.add(() => transport.close());
  const wake = (lanes: readonly string[]): void => transport.send(lanes);
  const tracing = await createTracing({ service: 'ingress', target: tracingTarget(config) });
  undoing.add(() => tracing.close());
  const ledger = tracedLedger({ ledger: createLedger({ pool, source: topology.source, wake }), tracing });
  const housekeeping = createHousekeeping({ pool, source: topology.source, wake });
  // Whatever an earlier life of this platform held is due again at once.
  await housekeeping.takeOver({ silentMs: 30_000, home: config.dataDir });
  await rm(paths.work, { recursive: true, force: true });

  const stores = storeSettings(config);
  const artifacts = await openStore(
    stores.artifacts.driver === 's3' ? stores.artifacts : { ...stores.artifacts, leftoverMs: 0 },
  );
  const lanes = startLanes({
    topology,
    log,
    spare: spare.take,
    settings: (lane) => laneSettings(lane, config, database.url),
    onDeath: (host) => {
      housekeeping
        .takeOver({ silentMs: 30_000, hosts: [host] })
        .catch((error) =>
          log.warn({ error, host }, 'a dead lane could not be reported; its lease will run out'),
        );
    },
    tidy: async (host) => {
      for (const folder of [paths.work, paths.incoming])
        await rm(join(folder, host), { recursive: true, force: true, maxRetries: 5 }).catch((error) =>
          log.warn({ error, host }, 'files of a lane that ended remain until the next start'),
        );
    },
  });
  undoing.add(() => lanes.stop());
  await transport.listen((lane) => lanes.ensure(lane), {
    lanes: carrier.lanes,
    // A lane that runs listens for itself.
    room: (lane) => (lanes.isRunning(lane) ? 0 : 1),
  });
  const { settings, lanes: woken } = carrier;
  const scheduler = startScheduler({
    data: { url: database.url, source: topology.source, transport: settings, lanes: woken },
    log,
    fail: failure.reject,
  });
  undoing.add(scheduler.stop);
  for (const lane of await housekeeping.dueLanes()) lanes.ensure(lane);

  const inbox = await openInbox({ config, topology, artifacts, ledger, pool, log });
  undoing.add(() => inbox.stop());
  const inbound = await startInbound({ config, inbox, log });
  undoing.add(inbound.stop);
  const metrics = createMetrics({ service: 'ingress' });
  const rotation = startKeyRotation({ folder: paths.keys, everyDays: config.keyRotationDays, log });
  undoing.add(async () => rotation.stop());
  const app = await openIngress({
    config,
    ledger,
    topology,
    artifacts,
    inbox,
    ...{ pool, wake, directUrl: database.directUrl },
    keys: { keysFolder: paths.keys },
    log,
    metrics: withScheduler(metrics, scheduler),
    tracing,
  });
  undoing.add(app.close);
  const server = await serve(app, { port: config.port, hostname: config.host, log });
  undoing.add(() => server.close({ graceMs: 2_000 }));
  return {
    url: server.url,
    ledger,
    artifacts,
    failed: failure.promise,
    async restartLane(lane) {
      // It has loaded code that is no longer that of the files.
      await spare.end();
      await lanes.restart(lane);
    },
    stop: () => undoing.run(log),
  };
}

async function openDatabase(options: {
  config: Config;
  log: Log;
  folder: string;
  undoing: Undoing;
  fail: (reason: unknown) => void;
}): Promise<{ url: string; directUrl: string }> {
  const { config, log, folder, undoing, fail } = options;
  const url = config.databaseUrl?.reveal();
  if (url !== undefined) return { url, directUrl: config.databaseDirectUrl?.reveal() ?? url };
  let isStopping = false;
  let server = await startEmbeddedPostgres({ dataDir: folder, log });
  let restart: Promise<void> = Promise.resolve();
  const { port } = server;
  const guard = (): void => {
    server.onExit((reason) => {
      if (isStopping) return;
      log.error({ error: reason }, 'the database ended; it is started again');
      restart = restartDatabase({ folder, port, log }).then((again) => {
        server = again;
        guard();
      }, fail);
    });
  };
  guard();
  undoing.add(async () => {
    isStopping = true;
    // One that is just being started again must not be left behind.
    await restart;
    await server.stop();
  });
  return { url: server.url, directUrl: server.url };
}

/** One process, one page: what the scheduler tells of the ledger follows what the process tells of itself. */
function withScheduler(metrics: Metrics, scheduler: Scheduler): Metrics {
  return {
    ...metrics,
    text: async () => (await Promise.all([metrics.text(), scheduler.metrics()])).join('\n'),
  };
}

function laneSettings(lane: string, config: Config, databaseUrl: string): LaneSettings {
  const paths = dataPaths(config.dataDir);
  return {
    lane,
    home: config.dataDir,
    databaseUrl,
    transport: transportSettings(config),
    artifacts: storeSettings(config).artifacts,
    ports: portSettings(config),
    workRoot: paths.work,
    incomingRoot: paths.incoming,
    logLevel: config.logLevel,
    tracing: tracingTarget(config),
  };
}
