import type { FunctionDefinition } from '#shared/function';
import type { Claim } from '#shared/ledger';
import type { TopologyFunction } from '#shared/topology';
import { type DeliverySurroundings, ShuttingDown, workOn } from './delivery.ts';

/** A function as its host knows it: the code and its place in the topology. */
export interface HostedFunction {
  readonly definition: FunctionDefinition;
  readonly topology: TopologyFunction;
}

/** Works through the due deliveries of one lane, so many at a time. */
export interface LaneHost {
  /** Looks for due work now. */
  wake(): void;
  /** Deliveries in work. */
  running(): number;
  /** When it last had work, as `performance.now()`. */
  lastBusyAt(): number;
  /** Claims nothing more and waits for the work in hand; after `graceMs` it goes back to the queue. */
  drain(graceMs: number): Promise<void>;
}

/** A wake-up may be lost; this is how long its work then waits. */
const POLL_MS = 2_000;

export function createLaneHost(
  options: DeliverySurroundings & {
    /** Host id of its lease. */
    readonly host: string;
    readonly lane: string;
    readonly concurrency: number;
    readonly functions: readonly HostedFunction[];
  },
): LaneHost {
  const { host, lane, concurrency, functions, work, log, metrics } = options;
  const hosted = new Map(functions.map((fn) => [fn.definition.name, fn]));
  const inWork = new Set<Promise<unknown>>();
  let isDraining = false;
  let isLooking = false;
  let lookAgain = false;
  // Work that a dead host left runs alone, so that a poisonous event takes no neighbour with it.
  let isAlone = false;
  let lastBusyAt = performance.now();

  function begin(claim: Claim): void {
    const fn = hosted.get(claim.function);
    if (fn === undefined) throw new Error(`claimed ${claim.function}, which this host does not have`);
    const done = workOn(claim, fn, options).finally(() => {
      inWork.delete(done);
      metrics.running(inWork.size);
      lastBusyAt = performance.now();
      isAlone = false;
      wake();
    });
    inWork.add(done);
    metrics.running(inWork.size);
  }

  async function look(): Promise<void> {
    const request = { host, lane, functions: [...hosted.keys()] };
    while (!isDraining && !isAlone && inWork.size < concurrency) {
      if (inWork.size === 0) {
        const [suspect] = await work.claim({ ...request, limit: 1, suspects: true });
        if (suspect !== undefined) {
          isAlone = true;
          begin(suspect);
          return;
        }
      }
      const limit = concurrency - inWork.size;
      const claims = await work.claim({ ...request, limit, suspects: false });
      for (const claim of claims) begin(claim);
      if (claims.length < limit) return;
    }
  }

  function wake(): void {
    lookAgain = true;
    if (isLooking || isDraining) return;
    isLooking = true;
    void (async () => {
      while (lookAgain && !isDraining) {
        lookAgain = false;
        await look().catch((error) => log.warn({ error, lane }, 'cannot claim; the next poll tries again'));
      }
      isLooking = false;
    })();
  }

  const poll = setInterval(wake, POLL_MS);

  return {
    wake,
    running: () => inWork.size,
    lastBusyAt: () => (inWork.size > 0 ? performance.now() : lastBusyAt),
    async drain(graceMs) {
      isDraining = true;
      clearInterval(poll);
      const timer = setTimeout(() => options.lease.abortAll(new ShuttingDown()), graceMs);
      // A claim whose answer is on its way begins work even now; it goes back at once.
      while (isLooking || inWork.size > 0) {
        await Promise.race([Promise.allSettled(inWork), new Promise((resolve) => setTimeout(resolve, 50))]);
        if (inWork.size > 0) await Promise.race(inWork);
      }
      clearTimeout(timer);
    },
  };
}
