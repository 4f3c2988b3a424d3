import { setTimeout as sleep } from 'node:timers/promises';
import type { WakeUp } from '#shared/ledger';
import type { Topology } from '#shared/topology';
import type { PostWakeUp } from '#shared/transport';
import { createFunctionLine, type FunctionLine } from './function-line.ts';
import { slotsOf } from './gateway.ts';

/** Taken from the ledger together. */
const BATCH = 100;
/** What is told within this time is looked for together. */
const GATHER_MS = 20;

const SAID = {
  'refused, news': 'a function cannot be woken; it is tried again',
  cut: 'a function was not heard to its end; its work goes on (is the patience of the gateway shorter than its time limit?)',
};

/** Takes due wake-ups from the ledger and calls the functions through the gateway. */
export interface Dispatcher {
  /** Says that these lanes may have due work. Returns at once. */
  look(lanes: readonly string[]): void;
  /** By function, what waits here and what is under way. */
  figures(): readonly { readonly function: string; readonly waiting: number; readonly underWay: number }[];
  /** Takes nothing more and lets go of what is under way, whose work goes on: the ledger has it. */
  close(): Promise<void>;
}

/**
 * Each function has a line of its own, so that one that is slow, full or not deployed keeps no other waiting. A wake-up
 * that is lost comes again by the ledger, and no function has more of them open than its `woken_most` there.
 */
export function createDispatcher(options: {
  topology: Topology;
  /** @throws when the ledger cannot be reached; it is asked again when somebody says so next */
  take: (request: { lanes: readonly string[]; limit: number }) => Promise<readonly WakeUp[]>;
  post: PostWakeUp;
  count?: (outcome: { function: string; outcome: 'sent' | 'failed' }) => void;
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
}): Dispatcher {
  const { topology, take, post, count = () => undefined, log } = options;
  const stop = new AbortController();
  const asked = new Set<string>();
  const failing = new Set<string>();
  const lines = new Map<string, FunctionLine>(
    topology.functions.map((fn) => [
      fn.name,
      createFunctionLine({
        post,
        slots: slotsOf(topology, fn),
        signal: stop.signal,
        onSent() {
          count({ function: fn.name, outcome: 'sent' });
          if (failing.delete(fn.name))
            log.info({ function: fn.name }, 'the gateway takes its wake-ups again');
          // What was held back because of it may be taken now.
          look([fn.profile]);
        },
        onFailed(error, how) {
          count({ function: fn.name, outcome: 'failed' });
          // Said once, not with each wake-up.
          if (how === 'refused' || failing.has(fn.name)) return;
          log.warn({ error, function: fn.name }, SAID[how]);
          failing.add(fn.name);
        },
      }),
    ]),
  );
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (asked.size > 0 && !stop.signal.aborted) {
      await sleep(GATHER_MS);
      const lanes = [...asked];
      asked.clear();
      const taken = await take({ lanes, limit: BATCH });
      for (const wakeUp of taken) lines.get(wakeUp.function)?.add(wakeUp);
      if (taken.length === BATCH) for (const lane of lanes) asked.add(lane);
    }
  }

  function look(lanes: readonly string[]): void {
    if (stop.signal.aborted) return;
    for (const lane of lanes) asked.add(lane);
    working ??= work()
      .catch((error: unknown) => log.warn({ error }, 'whom to wake could not be asked; it is asked again'))
      .finally(() => {
        working = undefined;
      });
  }

  return {
    look,
    figures: () =>
      [...lines].map(([name, line]) => ({
        function: name,
        waiting: line.waiting(),
        underWay: line.underWay(),
      })),
    async close() {
      stop.abort();
      await working;
    },
  };
}
