import { Worker } from 'node:worker_threads';
import { Cancelled, Transient } from '#shared/errors';
import type { Claim } from '#shared/ledger';
import type { AboutDelivery, FromLeaseThread, LeaseThreadData, ToLeaseThread } from './lease-thread.ts';
import { openWatchTable, sharedNow } from './watch-table.ts';

/** The host's lease as the working thread sees it. */
export interface HostLease {
  /** Resolves once the thread looks: from then on cancels and time limits are seen within a second. */
  readonly looking: Promise<void>;
  /** Watches a delivery's time limit and its lease; the signal aborts when either is gone. */
  watch(claim: Claim): { readonly signal: AbortSignal; end(): void };
  /** Aborts everything that is watched, for shutdown. */
  abortAll(reason: Error): void;
  stop(): Promise<void>;
}

/** @param onDead the ledger has declared this host dead: it must end */
export function startHostLease(options: {
  readonly url: string;
  readonly host: string;
  readonly onDead: () => void;
  /** The thread begins so much later, in milliseconds: a process that is to answer at once has first to do that. */
  readonly beginAfterMs?: number;
}): HostLease {
  const { url, host, onDead, beginAfterMs = 0 } = options;
  const table = openWatchTable();
  const data: LeaseThreadData = { url, host, watched: table.memory };
  /** By place: a delivery may be claimed anew while an earlier attempt is still ending. */
  const watched = new Map<number, { claim: Claim; controller: AbortController }>();
  const looking = Promise.withResolvers<void>();
  let isStopping = false;

  function begin(): Worker {
    const thread = new Worker(new URL('./lease-thread.ts', import.meta.url), { workerData: data });
    thread.on('message', (message: FromLeaseThread) => {
      if (message.kind === 'dead') onDead();
      else if (message.kind === 'looking') looking.resolve();
      else abort(message);
    });
    // Without its thread a host cannot keep its lease.
    thread.on('error', onDead);
    thread.on('exit', () => {
      if (!isStopping) onDead();
    });
    return thread;
  }

  let thread: Worker | undefined;
  const beginning = setTimeout(() => {
    thread = begin();
  }, beginAfterMs);
  if (beginAfterMs === 0) {
    clearTimeout(beginning);
    thread = begin();
  }

  function abort({ kind, place, delivery }: AboutDelivery): void {
    const entry = watched.get(place);
    // Another one has the place by now.
    if (entry === undefined || entry.claim.id !== delivery) return;
    const { function: name, timeoutMs } = entry.claim;
    entry.controller.abort(
      kind === 'late'
        ? new Transient('time-limit', `${name} took longer than its limit of ${timeoutMs / 1_000} s.`)
        : new Cancelled('cancelled', 'The run was cancelled or taken over.'),
    );
  }

  return {
    looking: looking.promise,
    watch(claim) {
      const controller = new AbortController();
      const place = table.begin(claim.id, sharedNow() + claim.timeoutMs);
      watched.set(place, { claim, controller });
      return {
        signal: controller.signal,
        end() {
          watched.delete(place);
          table.end(place);
        },
      };
    },
    abortAll(reason) {
      for (const { controller } of watched.values()) controller.abort(reason);
    },
    async stop() {
      isStopping = true;
      clearTimeout(beginning);
      const ending = thread;
      if (ending === undefined) return;
      ending.postMessage({ kind: 'stop' } satisfies ToLeaseThread);
      await new Promise((resolve) => ending.once('exit', resolve));
    },
  };
}
