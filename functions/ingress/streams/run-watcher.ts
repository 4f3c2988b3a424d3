import type { Ledger, RunView } from '#shared/ledger';
import type { Log } from '#shared/telemetry';
import type { Committed, PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { Pipeline } from '../schemas/pipeline.ts';

/** Told at each look; undefined when the run is gone. */
type Listener = (pipeline: Pipeline | undefined) => void;

/** One poller for all runs that anybody watches; it rests while nobody does. */
export interface RunWatcher {
  /** Answers how to stop. */
  watch(run: RunView, listener: Listener): () => void;
}

interface Watched {
  run: RunView;
  readonly listeners: Set<Listener>;
  /** What the run had committed when so many of its deliveries were done: read again only when that changes. */
  committed: { readonly done: number; readonly state: string; readonly made: Committed } | undefined;
}

export function createRunWatcher({
  ledger,
  reader,
  log,
  intervalMs = 500,
}: {
  ledger: Ledger;
  reader: PipelineReader;
  log: Log;
  intervalMs?: number | undefined;
}): RunWatcher {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  function schedule(): void {
    if (timer !== undefined || watched.size === 0) return;
    timer = setTimeout(tick, intervalMs * 2 ** Math.min(failures, 5));
  }

  async function tick(): Promise<void> {
    try {
      await look();
      failures = 0;
    } catch (error) {
      // Streams stay open with their heartbeat; the next look finds all that happened meanwhile.
      failures += 1;
      log.warn({ error, failures }, 'watched runs could not be read');
    }
    timer = undefined;
    schedule();
  }

  async function look(): Promise<void> {
    const deliveries = Map.groupBy(await ledger.deliveriesOf([...watched.keys()]), ({ run }) => run);
    for (const [id, entry] of [...watched]) {
      const own = deliveries.get(id) ?? [];
      const open = own.some(({ state }) => state === 'due' || state === 'leased' || state === 'later');
      // While a delivery is open the run is running; only then can its row be spared.
      const run = open ? runningAgain(entry.run) : await ledger.getRun(id);
      if (run === undefined) {
        notify(entry, undefined);
        continue;
      }
      entry.run = run;
      const done = own.filter(({ state }) => state === 'done').length;
      if (entry.committed?.done !== done || entry.committed.state !== run.state) {
        entry.committed = { done, state: run.state, made: await reader.committed(run) };
      }
      notify(entry, await reader.view(run, own, entry.committed.made));
    }
  }

  function notify({ listeners }: Watched, pipeline: Pipeline | undefined): void {
    for (const listener of [...listeners]) listener(pipeline);
  }

  return {
    watch(run, listener) {
      const entry = watched.get(run.id) ?? { run, listeners: new Set(), committed: undefined };
      watched.set(run.id, entry);
      entry.listeners.add(listener);
      schedule();
      return () => {
        entry.listeners.delete(listener);
        if (entry.listeners.size === 0 && watched.get(run.id) === entry) watched.delete(run.id);
        if (watched.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}

/** The row as it was read before, in the state that its open deliveries prove. */
function runningAgain(run: RunView): RunView {
  if (run.state === 'running') return run;
  const { settledAt: _settledAt, failure: _failure, ...rest } = run;
  return { ...rest, state: 'running' };
}
