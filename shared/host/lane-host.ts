import { Transient } from '#shared/errors';
import type { FunctionDefinition } from '#shared/function';
import type { Claim } from '#shared/ledger';
import type { TopologyFunction } from '#shared/topology';
import { type DeliveryOutcome, type DeliverySurroundings, ShuttingDown, workOn } from './delivery.ts';
import { createUnknownClaims } from './unknown-claims.ts';

/** A function as its host knows it: the code and its place in the topology. */
export interface HostedFunction {
  readonly definition: FunctionDefinition;
  readonly topology: TopologyFunction;
}

/** Works through the due deliveries of one lane, so many at a time. */
export interface LaneHost {
  /** Looks for due work now. */
  wake(): void;
  /**
   * Works on the delivery that a wake-up names. Resolves once the ledger, not the sender, is responsible for it: it
   * has ended here, or it is not due (done, later, dead, leased elsewhere).
   *
   * @throws Transient `no-slot` all slots are taken, `shutting-down`, `outcome-unknown`; whatever the claim throws
   *   when the ledger cannot be reached
   */
  take(delivery: string): Promise<DeliveryOutcome | 'not-due'>;
  /** Deliveries in work. */
  running(): number;
  /** When it last had work, as `performance.now()`. */
  lastBusyAt(): number;
  /** Claims nothing more and waits for the work in hand; after `graceMs` it goes back to the queue. */
  drain(graceMs: number): Promise<void>;
}

/** A wake-up may be lost; this is how long its work then waits. */
const POLL_MS = 2_000;
const DRAIN_LOOK_MS = 5;

export function createLaneHost(
  options: DeliverySurroundings & {
    /** Host id of its lease. */
    readonly host: string;
    readonly lane: string;
    readonly concurrency: number;
    readonly functions: readonly HostedFunction[];
    /** How long the work of a lost wake-up waits; 0: this host works only on what wake-ups name. Default 2,000. */
    readonly pollMs?: number;
  },
): LaneHost {
  const { host, lane, concurrency, functions, work, log, metrics, pollMs = POLL_MS } = options;
  const hosted = new Map(functions.map((fn) => [fn.definition.name, fn]));
  const inWork = new Set<Promise<DeliveryOutcome>>();
  /** Wake-ups of deliveries on their way here, and deliveries in work: one that is sent again waits for the same outcome. */
  const taking = new Map<string, Promise<DeliveryOutcome | 'not-due'>>();
  const named = new Map<string, { readonly fence: string; readonly done: Promise<DeliveryOutcome> }>();
  /** Slots that claims on their way may fill. */
  let promised = 0;
  let isDraining = false;
  let isLooking = false;
  let lookAgain = false;
  // Work that a dead host left runs alone, so that a poisonous event takes no neighbour with it.
  let isAlone = false;
  let lastBusyAt = performance.now();
  let isClaiming = false;
  const unknown = createUnknownClaims({
    work,
    host,
    lane,
    known: () => [...named.keys()],
    isClaiming: () => isClaiming || promised > 0,
    log,
  });

  function begin(claim: Claim, claimedFrom: number): Promise<DeliveryOutcome> {
    const fn = hosted.get(claim.function);
    if (fn === undefined) throw new Error(`claimed ${claim.function}, which this host does not have`);
    // A server that crashed forgot the claim and gave its number again: the work that is under way stands for both.
    const here = named.get(claim.id);
    if (here?.fence === claim.fence) return here.done;
    const working = workOn(claim, fn, { ...options, claimedFrom, running: () => inWork.size });
    const done = working.then((outcome) => {
      // Unreported: the ledger may have it still. Refused: this host may have claimed it again just before its answer.
      if (outcome === 'unreported' || outcome === 'refused') unknown.suspect();
      inWork.delete(done);
      if (named.get(claim.id)?.done === done) named.delete(claim.id);
      metrics.running(inWork.size);
      lastBusyAt = performance.now();
      isAlone = false;
      if (pollMs > 0) wake();
      return outcome;
    });
    inWork.add(done);
    named.set(claim.id, { fence: claim.fence, done });
    metrics.running(inWork.size);
    return done;
  }

  function take(delivery: string): Promise<DeliveryOutcome | 'not-due'> {
    const here = named.get(delivery)?.done.then(known) ?? taking.get(delivery);
    if (here !== undefined) return here;
    const taken = takeFirst(delivery).finally(() => taking.delete(delivery));
    taking.set(delivery, taken);
    return taken;
  }

  async function takeFirst(delivery: string): Promise<DeliveryOutcome | 'not-due'> {
    await unknown.settled();
    if (isDraining) throw new ShuttingDown();
    if (isAlone || inWork.size + promised >= concurrency) throw noSlot(lane);
    promised += 1;
    const alone = inWork.size === 0 && promised === 1;
    let begun: Promise<DeliveryOutcome> | undefined;
    const asked = Date.now();
    try {
      const claim = await work.claimNamed({ host, lane, functions: [...hosted.keys()], delivery, alone });
      if (claim !== undefined) {
        if (claim.lost > 0) isAlone = true;
        begun = begin(claim, asked);
      }
    } catch (error) {
      unknown.suspect();
      throw error;
    } finally {
      promised -= 1;
    }
    return begun === undefined ? 'not-due' : known(await begun);
  }

  async function look(): Promise<void> {
    const request = { host, lane, functions: [...hosted.keys()] };
    await unknown.settled();
    while (!isDraining && !isAlone && inWork.size + promised < concurrency) {
      const asked = Date.now();
      const inHand = inWork.size + promised;
      const limit = concurrency - inHand;
      isClaiming = true;
      try {
        const claims = await work.claimNext({ ...request, limit, idle: inHand === 0 });
        for (const claim of claims) {
          if (claim.lost > 0) isAlone = true;
          void begin(claim, asked);
        }
        if (claims.length < limit) return;
      } catch (error) {
        unknown.suspect();
        throw error;
      } finally {
        isClaiming = false;
      }
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

  const poll = pollMs > 0 ? setInterval(wake, pollMs) : undefined;

  return {
    wake,
    take,
    running: () => inWork.size,
    lastBusyAt: () => (inWork.size > 0 ? performance.now() : lastBusyAt),
    async drain(graceMs) {
      isDraining = true;
      clearInterval(poll);
      unknown.stop();
      const deadline = performance.now() + graceMs;
      // A claim whose answer is on its way begins work even now; after the deadline that goes back at once, too.
      while (isLooking || promised > 0 || inWork.size > 0) {
        if (performance.now() >= deadline) options.lease.abortAll(new ShuttingDown());
        await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
      }
    },
  };
}

/** Two outcomes leave it due: its sender must send again. */
function known(outcome: DeliveryOutcome): DeliveryOutcome {
  if (outcome === 'released') throw new ShuttingDown();
  if (outcome === 'unreported') {
    throw new Transient('outcome-unknown', 'The ledger could not be told how the delivery ended.');
  }
  return outcome;
}

function noSlot(lane: string): Transient {
  return new Transient('no-slot', `Every slot of the lane "${lane}" is taken.`, { retryAfterMs: 1_000 });
}
