/** The scheduler as a thread of the platform, with connections of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { countActiveSessions } from '#shared/accounts';
import { connect } from '#shared/database';
import { createHousekeeping, createOperations } from '#shared/ledger';
import { exportFigures, exportOutcomes, exportUsage, runScheduler } from '#shared/scheduler';
import { createLog, createMetrics } from '#shared/telemetry';
import { openTransport } from '../../platform/open-transport.ts';
import type { FromScheduler, SchedulerThreadData, ToScheduler } from './scheduler-messages.ts';

const { url, source, transport: settings, lanes } = workerData as SchedulerThreadData;
const tell = (message: FromScheduler): void => parentPort?.postMessage(message);
// A thread that wrote to the terminal itself would write over the platform's progress.
const log = createLog({
  service: 'scheduler',
  level: 'warn',
  destination: { write: (line) => tell({ kind: 'log', line }) },
});
const pool = connect({ url, max: 3, applicationName: 'millrace scheduler' });
const transport = openTransport({ settings, pool, url, lanes, log });
const wake = (due: readonly string[]): void => transport.send(due);
const operations = createOperations({ pool, source, wake });
// The process is told of by its platform.
const metrics = createMetrics({ service: 'scheduler', tells: 'its work' });
exportFigures({ metrics, figures: () => operations.figures() });
exportOutcomes({ metrics, outcomes: operations.outcomes });
exportUsage({
  metrics,
  storage: () => operations.usage(),
  sessions: () => countActiveSessions(pool),
});

const stop = new AbortController();
parentPort?.on('message', (message: ToScheduler) => {
  if (message.kind === 'stop') stop.abort();
  else void metrics.text().then((text) => tell({ ...message, text }));
});

await runScheduler({
  housekeeping: createHousekeeping({ pool, source, wake }),
  wake,
  log,
  signal: stop.signal,
});
await transport.close();
await pool.end();
parentPort?.close();
