/**
 * The thread that keeps the host alive in the ledger. The work cannot block it: it renews the lease, learns which
 * deliveries are no longer ours, and ends the process when the work does not let go of them in time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '#shared/database';
import { createLeases } from '#shared/ledger';

export interface LeaseThreadData {
  readonly url: string;
  readonly host: string;
}

/** From the host to its thread. */
export type ToLeaseThread =
  | { readonly kind: 'started'; readonly delivery: string; readonly timeoutMs: number }
  | { readonly kind: 'ended'; readonly delivery: string }
  | { readonly kind: 'stop' };

/** From the thread to its host. */
export type FromLeaseThread =
  | { readonly kind: 'gone'; readonly deliveries: readonly string[] }
  | { readonly kind: 'late'; readonly delivery: string }
  /** It looks from now on. */
  | { readonly kind: 'looking' }
  | { readonly kind: 'dead' };

const RENEW_MS = 10_000;
const LOOK_MS = 400;
/** How long the work may take to let go after it was told to. Then the process ends, with all it does. */
const LET_GO_MS = 5_000;

const { url, host } = workerData as LeaseThreadData;
const pool = connect({ url, max: 1, applicationName: 'millrace lease', statementTimeoutMs: 8_000 });
const leases = createLeases(pool);
const running = new Map<string, { deadline: number; toldAt: number | undefined }>();
let lastRenewal = 0;
let isStopping = false;

parentPort?.on('message', (message: ToLeaseThread) => {
  if (message.kind === 'started') {
    running.set(message.delivery, { deadline: performance.now() + message.timeoutMs, toldAt: undefined });
  } else if (message.kind === 'ended') running.delete(message.delivery);
  else isStopping = true;
});

function tell(message: FromLeaseThread): void {
  parentPort?.postMessage(message);
}

function tellAbout(delivery: string, message: FromLeaseThread): void {
  const known = running.get(delivery);
  if (known === undefined || known.toldAt !== undefined) return;
  known.toldAt = performance.now();
  tell(message);
}

async function look(): Promise<void> {
  const now = performance.now();
  for (const [delivery, { deadline }] of running)
    if (now > deadline) tellAbout(delivery, { kind: 'late', delivery });
  if (now - lastRenewal >= RENEW_MS) {
    if (!(await leases.renew(host))) tell({ kind: 'dead' });
    lastRenewal = now;
  }
  const asked = [...running].filter(([, { toldAt }]) => toldAt === undefined).map(([delivery]) => delivery);
  if (asked.length > 0) {
    for (const delivery of await leases.gone(host, asked))
      tellAbout(delivery, { kind: 'gone', deliveries: [delivery] });
  }
}

function endIfHanging(): void {
  const now = performance.now();
  for (const { toldAt } of running.values()) {
    if (toldAt !== undefined && now - toldAt > LET_GO_MS) process.kill(process.pid, 'SIGKILL');
  }
}

tell({ kind: 'looking' });
while (!isStopping) {
  // The database may be away; the lease runs out by itself if it stays so.
  await look().catch(() => undefined);
  endIfHanging();
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
await pool.end();
parentPort?.close();
