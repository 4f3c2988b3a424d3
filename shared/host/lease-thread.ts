/**
 * The thread that keeps the host alive in the ledger. The work cannot block it: it renews the lease, learns which
 * deliveries are no longer ours, and ends the process when the work does not let go of them in time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '#shared/database';
import { createLeases } from '#shared/ledger';
import { openWatchTable, sharedNow, type Watched } from './watch-table.ts';

export interface LeaseThreadData {
  readonly url: string;
  readonly host: string;
  /** Memory of the host's {@link WatchTable}. */
  readonly watched: SharedArrayBuffer;
}

/** From the host to its thread. */
export interface ToLeaseThread {
  readonly kind: 'stop';
}

/** The delivery at this place of the table is late, or no longer the host's. */
export interface AboutDelivery {
  readonly kind: 'late' | 'gone';
  readonly place: number;
  readonly delivery: string;
}

/** From the thread to its host. */
export type FromLeaseThread =
  | AboutDelivery
  /** It looks from now on. */
  | { readonly kind: 'looking' }
  | { readonly kind: 'dead' };

const RENEW_MS = 10_000;
const LOOK_MS = 400;
/** How long the work may take to let go after it was told to. Then the process ends, with all it does. */
const LET_GO_MS = 5_000;

const { url, host, watched } = workerData as LeaseThreadData;
const table = openWatchTable(watched);
const pool = connect({ url, max: 1, applicationName: 'millrace lease', statementTimeoutMs: 8_000 });
const leases = createLeases(pool);
/** Deliveries that the host was told to let go of, by place: whose turn it was, and when it was told. */
const told = new Map<number, { turn: number; at: number }>();
let lastRenewal = 0;
let isStopping = false;

parentPort?.on('message', (_message: ToLeaseThread) => {
  isStopping = true;
});

function tell(message: FromLeaseThread): void {
  parentPort?.postMessage(message);
}

function tellAbout({ place, turn, delivery }: Watched, kind: AboutDelivery['kind']): void {
  told.set(place, { turn, at: performance.now() });
  tell({ kind, place, delivery });
}

function isTold({ place, turn }: Watched): boolean {
  return told.get(place)?.turn === turn;
}

async function look(): Promise<void> {
  const running = table.running();
  for (const [place, { turn }] of told)
    if (!running.some((one) => one.place === place && one.turn === turn)) told.delete(place);
  endIfHanging();
  const now = sharedNow();
  for (const one of running) if (now > one.deadline && !isTold(one)) tellAbout(one, 'late');
  if (performance.now() - lastRenewal >= RENEW_MS) {
    if (!(await leases.renew(host))) tell({ kind: 'dead' });
    lastRenewal = performance.now();
  }
  const asked = running.filter((one) => !isTold(one));
  if (asked.length === 0) return;
  const gone = new Set(await leases.gone(host, [...new Set(asked.map(({ delivery }) => delivery))]));
  for (const one of asked) if (gone.has(one.delivery)) tellAbout(one, 'gone');
}

/** Asked of what is in work now: what was let go of is no longer in the table. */
function endIfHanging(): void {
  for (const { at } of told.values())
    if (performance.now() - at > LET_GO_MS) process.kill(process.pid, 'SIGKILL');
}

tell({ kind: 'looking' });
while (!isStopping) {
  // The database may be away; the lease runs out by itself if it stays so.
  await look().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
await pool.end();
parentPort?.close();
