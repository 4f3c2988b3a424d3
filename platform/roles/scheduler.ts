import { randomUUID } from 'node:crypto';
import { countActiveSessions } from '#shared/accounts';
import { createElection, createHostDeaths, createHousekeeping, createOperations } from '#shared/ledger';
import { exportFigures, exportOutcomes, exportUsage, runElected, runScheduler } from '#shared/scheduler';
import { createMetrics } from '#shared/telemetry';
import { deadLetters } from '../dead-letters.ts';
import { jobDeaths } from '../job-deaths.ts';
import { openLedger } from '../open-ledger.ts';
import { servePart } from '../parts-server.ts';
import type { StartRole } from '../running-role.ts';
import { createSchedulerMetrics } from '../scheduler-metrics.ts';
import { Undoing } from '../undoing.ts';

const SESSIONS = 4;
const DRAIN_MS = 5_000;

/**
 * All that time does, by the elected one of several; each of them tells of the ledger, and takes dead letters of the Broker
 * and deaths of Jobs.
 *
 * @throws Permanent `database-url-missing`
 */
export const startScheduler: StartRole = async ({ config, log }) => {
  const undoing = new Undoing();
  try {
    const metrics = createMetrics({ service: 'scheduler' });
    const { elected, wakeUp, deadLetter, jobDeath } = createSchedulerMetrics(metrics);
    elected(false);
    const access = openLedger({
      ...{ config, role: 'scheduler', sessions: SESSIONS, log },
      ...{ wakes: 'all', count: wakeUp },
    });
    undoing.add(access.close);
    const { pool, topology, wake } = access;
    const operations = createOperations(access);
    exportFigures({ metrics, figures: () => operations.figures() });
    exportOutcomes({ metrics, outcomes: operations.outcomes });
    exportUsage({
      metrics,
      storage: () => operations.usage(),
      sessions: () => countActiveSessions(pool),
    });
    const housekeeping = createHousekeeping(access);
    const functions = topology.functions.map(({ name }) => name);
    const deaths = createHostDeaths({ pool, housekeeping });
    const server = await servePart({
      ...{ config, metrics, log },
      health: () => pool.query('select 1'),
      routes: {
        '/dead-letters': deadLetters({ functions, count: deadLetter }),
        '/job-deaths': jobDeaths({ deaths, functions, count: jobDeath, log }),
      },
    });
    undoing.add(() => server.close({ graceMs: DRAIN_MS }));
    const stop = new AbortController();
    const ended = runElected({
      election: createElection({ pool }),
      candidate: randomUUID(),
      duties: (signal) => runScheduler({ housekeeping, wake, log, signal }),
      onChange: elected,
      ...{ log, signal: stop.signal },
    });
    undoing.add(() => {
      stop.abort();
      return ended;
    });
    return { port: server.port, stop: () => undoing.run(log) };
  } catch (error) {
    await undoing.run(log);
    throw error;
  }
};
