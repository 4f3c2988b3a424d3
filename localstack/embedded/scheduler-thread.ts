/** The scheduler as a thread of the platform, with connections of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '#shared/database';
import { createHousekeeping } from '#shared/ledger';
import { runScheduler } from '#shared/scheduler';
import { createLog } from '#shared/telemetry';
import { openTransport, type TransportSettings } from './open-transport.ts';

export interface SchedulerThreadData {
  readonly url: string;
  readonly source: string;
  readonly transport: TransportSettings;
  readonly lanes: readonly string[];
}

const { url, source, transport: settings, lanes } = workerData as SchedulerThreadData;
// A thread that wrote to the terminal itself would write over the platform's progress.
const log = createLog({
  service: 'scheduler',
  level: 'warn',
  destination: { write: (line) => parentPort?.postMessage(line) },
});
const pool = connect({ url, max: 2, applicationName: 'millrace scheduler' });
const transport = openTransport({ settings, pool, url, lanes, log });
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
