import { rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#shared/config';
import { connect } from '#shared/database';
import { Permanent } from '#shared/errors';
import {
  createHostMetrics,
  createLaneHost,
  createProgressReporter,
  type LaneHost,
  startHostLease,
} from '#shared/host';
import { createLeases, createWorkLedger } from '#shared/ledger';
import { makePorts, portSettings } from '#shared/ports';
import { openStore, storeSettings } from '#shared/storage';
import { createMetrics, type Log } from '#shared/telemetry';
import { poolSize } from '#shared/topology';
import { copyCookies } from './copy-cookies.ts';
import type { DeployedFunction } from './deployed-function.ts';
import { openWakeUps } from './wake-ups.ts';

/** The ledger has declared this host dead; its work is somebody else's. */
const EXIT_DEAD = 3;
/** What a first wake-up may take before the lease's thread takes a share of the processor. */
const FIRST_ANSWER_MS = 150;

/** A function's process that has a lease in the ledger. */
export interface Joined extends Pick<LaneHost, 'take'> {
  /** @throws the connection's error */
  health(): Promise<void>;
  /** The Prometheus text exposition of now. */
  metrics(): Promise<string>;
  /** Ends what is under way within `graceMs`, then gives it back. */
  leave(graceMs: number): Promise<void>;
}

/**
 * Connects, enrols as a host, opens the store, makes the ports.
 *
 * @throws Permanent `database-url-missing`, and whatever connecting and making throw
 */
export async function joinLedger(options: {
  deployed: DeployedFunction;
  config: Config;
  log: Log;
}): Promise<Joined> {
  const { deployed, config, log } = options;
  const { definition, topology, profile } = deployed;
  const lane = topology.profile;
  const url = config.databaseUrl?.reveal();
  if (url === undefined) throw new Permanent('database-url-missing', 'DATABASE_URL is not set.');
  const metrics = createMetrics({ service: definition.name });
  const directUrl = config.databaseDirectUrl?.reveal() ?? url;
  const cookies = await copyCookies(config.downloadCookies);
  const pool = connect({
    url,
    max: poolSize(profile),
    applicationName: `millrace ${definition.name}`,
    log,
  });
  const clock = { now: () => new Date() };
  try {
    const store = await openStore(storeSettings(config).artifacts);
    const making = makePorts({
      settings: { ...portSettings(config), cookies: cookies.path },
      platform: { pool, store, clock },
      loaders: deployed.ports,
      needs: definition.needs,
    });
    // Looked at below; meanwhile the database is asked.
    making.catch(() => undefined);
    const started = performance.now();
    (await pool.connect()).release();
    log.info({ ms: performance.now() - started }, 'connected');
    const ports = await making;
    const host = await createLeases(pool).enrol({
      // In a cluster the pod's name: who hears that the pod has ended knows whose work to give back.
      home: hostname(),
      lane,
      pid: process.pid,
    });
    // Its own: a folder that several users share belongs to the first of them.
    const workRoot = join(tmpdir(), `millrace-${host}`);
    const wakeUps = await openWakeUps({ config, pool, url: directUrl, lanes: deployed.lanes, log });
    const work = createWorkLedger({ pool, source: deployed.source, wake: (lanes) => wakeUps.send(lanes) });
    const lease = startHostLease({
      ...{ url, host, onDead: () => process.exit(EXIT_DEAD) },
      // Cancels are seen within a second all the same, and the lease is good for 30.
      beginAfterMs: FIRST_ANSWER_MS,
    });
    const laneHost = createLaneHost({
      ...{ host, lane, log, work, lease },
      concurrency: profile.concurrency,
      // It works on what wake-ups name, so that Knative sees its load.
      pollMs: 0,
      functions: [{ definition, topology }],
      ...{ store, ports, clock },
      random: { next: () => Math.random() },
      metrics: createHostMetrics(metrics),
      workRoot,
      report: createProgressReporter(work, log).report,
    });
    return {
      take: laneHost.take,
      metrics: () => metrics.text(),
      health: async () => void (await pool.query('select 1')),
      async leave(graceMs) {
        await laneHost.drain(graceMs);
        await lease.stop();
        await wakeUps.close();
        await pool.end();
        await rm(workRoot, { recursive: true, force: true });
        await cookies.remove();
      },
    };
  } catch (error) {
    await cookies.remove();
    await pool.end();
    throw error;
  }
}
