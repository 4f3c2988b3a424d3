import { setTimeout as pause } from 'node:timers/promises';
import { Cancelled, Transient, toFailure } from '#shared/errors';
import type { Clock, FunctionDefinition, Ports, Random } from '#shared/function';
import { backoffMs, type Claim, type CommitRequest, Postponed, type WorkLedger } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import { type Log, logFor, type Span, type Tracing, untold } from '#shared/telemetry';
import type { TopologyFunction } from '#shared/topology';
import type { HostLease } from './host-lease.ts';
import type { HostMetrics } from './host-metrics.ts';
import { publicationOf } from './outcome.ts';
import { runFunction } from './run-function.ts';
import { isConnectionError } from './unreachable.ts';

/** What every delivery of a host shares. */
export interface DeliverySurroundings {
  readonly work: WorkLedger;
  readonly lease: HostLease;
  readonly store: ObjectStore;
  readonly ports: Ports;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: HostMetrics;
  readonly workRoot: string;
  /** Where spans go; nowhere when not given. */
  readonly tracing?: Tracing;
  readonly report: (claim: Claim, fraction: number, message: string | undefined) => void;
}

/** How one attempt ended, for its log line and its metrics. `refused`: another attempt has it, or the run was cancelled. */
export type DeliveryOutcome = 'done' | 'later' | 'dead' | 'refused' | 'released' | 'unreported';

const REPORT_TRIES = 8;
/** Work that takes a process no longer commits together with other such work. */
const QUICK_MS = 2;
/** Until a handler asks again that could not ask the ledger for a provider. */
const UNREACHABLE_MS = 1_000;

/** The reason with which a host that shuts down aborts its work: it goes back to the queue uncounted. */
export class ShuttingDown extends Cancelled {
  constructor() {
    super('shutting-down', 'The host is shutting down; another one takes the work.');
  }
}

/** Works on one claimed delivery to its end. Never throws: what happened is in the ledger, the log and the metrics. */
export async function workOn(
  claim: Claim,
  hosted: { definition: FunctionDefinition; topology: TopologyFunction },
  around: DeliverySurroundings & {
    /** When the claim was asked for, milliseconds of the Unix epoch. */
    readonly claimedFrom: number;
    /** Deliveries in work: a process shares its time among them. */
    readonly running: () => number;
  },
): Promise<DeliveryOutcome> {
  const started = performance.now();
  const { tracing = untold } = around;
  const span = deliverySpan(claim, tracing, around.claimedFrom);
  const ids = {
    run: claim.run,
    event: claim.events[0]?.id,
    delivery: claim.id,
    function: claim.function,
    trace: span.traceId,
  };
  // Most deliveries say nothing before their one line at the end.
  let ownLog: Log | undefined;
  const log = (): Log => {
    ownLog ??= logFor(around.log, ids);
    return ownLog;
  };
  const watch = around.lease.watch(claim);
  let outcome: DeliveryOutcome;
  let error: unknown;
  let bytes = 0;
  try {
    const handling = tracing.start(`handle ${claim.function}`, { parent: span.traceparent });
    const { outcome: made, artifacts } = await runFunction({
      definition: hosted.definition,
      claim,
      store: around.store,
      ports: around.ports,
      clock: around.clock,
      random: around.random,
      get log() {
        return log();
      },
      workRoot: around.workRoot,
      takeProvider: (take) => around.work.takeProvider(take).catch(uncounted),
      signal: watch.signal,
      onDownload: (change) => around.metrics.downloading(claim.function, change),
      onProgress: (fraction, message) => around.report(claim, fraction, message),
    }).then(
      (ran) => {
        handling.end();
        return ran;
      },
      (failure: unknown) => {
        handling.end({ error: failure });
        throw failure;
      },
    );
    const committing = tracing.start(`commit ${claim.function}`, {
      kind: 'producer',
      parent: span.traceparent,
    });
    const request: CommitRequest = {
      claim,
      ...publicationOf(made, hosted.topology, claim.key ?? undefined),
      reply: made.reply,
      write: made.write,
      usage: { wallMs: Math.round(performance.now() - started), bytesOut: artifacts.bytesPut() },
      traceparent: committing.traceparent,
      quick: performance.now() - started < QUICK_MS * around.running(),
    };
    try {
      outcome = (await untilAnswered(() => around.work.commit(request))) === 'committed' ? 'done' : 'refused';
      committing.end({ attributes: { 'millrace.events': request.events.length } });
    } catch (failure) {
      committing.end({ error: failure });
      throw failure;
    }
    if (outcome === 'done') bytes = artifacts.bytesPut();
    await (outcome === 'done' ? artifacts.discardEarlier() : artifacts.discard()).catch((failure: unknown) =>
      log().warn({ error: failure }, 'bytes stored aside remain for the sweep'),
    );
  } catch (thrown) {
    error = thrown;
    outcome = await reportFailure(claim, thrown, around).catch((failure: unknown) => {
      log().warn({ error: failure }, 'the failure could not be reported; the lease will run out');
      return 'unreported' as const;
    });
  } finally {
    watch.end();
  }
  const seconds = (performance.now() - started) / 1_000;
  around.metrics.observe({ function: claim.function, outcome, seconds, bytes });
  span.end({ attributes: { 'millrace.outcome': outcome }, ...(error === undefined ? {} : { error }) });
  const fields = {
    ...ids,
    outcome,
    ms: Math.round(seconds * 1_000),
    attempt: claim.attempts + 1,
    key: claim.key ?? undefined,
  };
  if (error === undefined || outcome === 'refused' || outcome === 'released')
    around.log.info(fields, 'delivery ended');
  else around.log.warn({ ...fields, error }, 'delivery failed');
  return outcome;
}

/** The span of one attempt, in the trace of the event that it works on, and before it the one of its claim. */
function deliverySpan(claim: Claim, tracing: Tracing, claimedFrom: number): Span {
  const [first, ...others] = claim.events.flatMap(({ traceparent }) => traceparent ?? []);
  const span = tracing.start(`process ${claim.function}`, {
    kind: 'consumer',
    parent: first,
    links: others,
    startedAt: claimedFrom,
    attributes: {
      'messaging.system': 'millrace',
      'messaging.message.id': claim.events[0]?.id,
      'millrace.run': claim.run,
      'millrace.delivery': claim.id,
      'millrace.attempt': claim.attempts + 1,
      'millrace.key': claim.key ?? undefined,
    },
  });
  tracing.start(`claim ${claim.function}`, { parent: span.traceparent, startedAt: claimedFrom }).end();
  return span;
}

async function reportFailure(
  claim: Claim,
  thrown: unknown,
  around: DeliverySurroundings,
): Promise<DeliveryOutcome> {
  if (thrown instanceof ShuttingDown) {
    await untilAnswered(() => around.work.release(claim));
    return 'released';
  }
  // Cancelled by its owner or taken over: the ledger has the outcome already.
  if (thrown instanceof Cancelled) return 'refused';
  // Its provider's limit is no failure of its own.
  if (thrown instanceof Postponed) {
    const postponed = { claim, failure: toFailure(thrown), delayMs: thrown.retryAfterMs ?? 1_000 };
    return untilAnswered(() => around.work.postpone(postponed));
  }
  const atLeastMs = thrown instanceof Transient ? thrown.retryAfterMs : undefined;
  const delayMs = backoffMs({ attempts: claim.attempts, random: around.random.next(), atLeastMs });
  return untilAnswered(() => around.work.fail({ claim, failure: toFailure(thrown), delayMs }));
}

/** A ledger that cannot be asked for a provider's leave is no failure of the handler. */
function uncounted(error: unknown): never {
  if (!isConnectionError(error)) throw error;
  throw new Postponed(
    'ledger-unreachable',
    'The ledger could not be asked for the provider; it is asked again.',
    {
      retryAfterMs: UNREACHABLE_MS,
      cause: error,
    },
  );
}

/** Asks the ledger again while it is away; every such request is fenced, so asking twice is harmless. */
async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const isAway = error instanceof Transient || isConnectionError(error);
      if (!isAway || attempt >= REPORT_TRIES) throw error;
      await pause(Math.min(5_000, 100 * 2 ** attempt));
    }
  }
}
