import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Cancelled, Transient } from '#shared/errors';
import { reach } from '#shared/faults';
import type { Clock, FunctionDefinition, FunctionLog, Outcome, Ports, Random } from '#shared/function';
import type { Claim, ProviderTake } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import { type DeliveryArtifacts, deliveryArtifacts } from './artifacts.ts';
import { functionInput } from './function-input.ts';

/** A handler's own surroundings for one attempt. */
export interface FunctionRun {
  readonly definition: FunctionDefinition;
  readonly claim: Claim;
  readonly store: ObjectStore;
  readonly ports: Ports;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: FunctionLog;
  /** Folder in which the attempt's private folder is made. */
  readonly workRoot: string;
  readonly signal: AbortSignal;
  /** Absent: no provider has a limit (tests). */
  readonly takeProvider?: (take: ProviderTake) => Promise<void>;
  /** A fetch from the store begins (1) or is over (-1). */
  readonly onDownload?: (change: 1 | -1) => void;
  readonly onProgress: (fraction: number, message: string | undefined) => void;
}

/** Runs a handler once and removes its private folder, however it ends. What it stored aside is the caller's to keep or discard. */
export async function runFunction(
  run: FunctionRun,
): Promise<{ outcome: Outcome; artifacts: DeliveryArtifacts }> {
  const { definition, claim, signal } = run;
  const workdir = join(run.workRoot, `${claim.id}-${claim.fence}`);
  let isMade = false;
  // Most functions need no folder, and two trips to the disk cost more than all else that they do.
  const makeWorkdir = (): string => {
    if (!isMade) mkdirSync(workdir, { recursive: true });
    isMade = true;
    return workdir;
  };
  const { store, onDownload } = run;
  const artifacts = deliveryArtifacts({
    ...{ claim, store, workdir: makeWorkdir, signal },
    ...(onDownload === undefined ? {} : { onDownload }),
  });
  try {
    const input = functionInput(claim, definition);
    await reach('handle.before');
    const outcome = await definition.handle(input, {
      ...run.ports,
      signal,
      get log() {
        return run.log;
      },
      clock: run.clock,
      random: run.random,
      get workdir() {
        return makeWorkdir();
      },
      progress: (fraction, message) => run.onProgress(Math.min(1, Math.max(0, fraction)), message),
      provider: async (provider, cost = 1) => run.takeProvider?.({ provider, cost }),
      put: artifacts.put,
      fetch: artifacts.fetch,
      place: artifacts.place,
    });
    await reach('handle.done');
    if (signal.aborted) throw abortReason(signal);
    return { outcome, artifacts };
  } catch (error) {
    await artifacts
      .discard()
      .catch((failure) => run.log.warn({ error: failure }, 'bytes stored aside remain for the sweep'));
    throw signal.aborted ? abortReason(signal) : explained(error);
  } finally {
    if (isMade) await rm(workdir, { recursive: true, force: true, maxRetries: 3 });
  }
}

function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new Cancelled('cancelled', 'The work was cancelled.');
}

/** A full disk is nothing that the handler did: it waits for space, and says so to its owner without a path. */
function explained(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new Transient('disk-full', 'The disk is full where the step works; free some space.', {
    retryAfterMs: 30_000,
    cause: error,
  });
}
