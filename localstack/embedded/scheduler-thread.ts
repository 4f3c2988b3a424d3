/** The scheduler as a thread of the platform, with connections of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '#shared/database';
import { createHousekeeping } from '#shared/ledger';
import { runScheduler } from '#shared/scheduler';
import { createLog } from '#shared/telemetry';
import { createPostgresTransport } from '#shared/transport';

export interface SchedulerThreadData {
  readonly url: string;
  readonly source: string;
}

const { url, source } = workerData as SchedulerThreadData;
// A thread that wrote to the terminal itself would write over the platform's progress.
const log = createLog({
  service: 'scheduler',
  level: 'warn',
  destination: { write: (line) => parentPort?.postMessage(line) },
});
const pool = connect({ url, max: 2, applicationName: 'millrace scheduler' });
const transport = createPostgresTransport({ pool, url, log });
const wake = (lanes: readonly string[]): void => transport.send(lanes);
const stop = new AbortController();
parentPort?.on('message', () => stop.abort());

await runScheduler({
  housekeeping: createHousekeeping({ pool, source, wake }),
  wake,
  log,
  signal: stop.signal,
});
await transport.close();
await pool.end();
parentPort?.close();
