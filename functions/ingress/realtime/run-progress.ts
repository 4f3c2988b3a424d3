import type { Ledger } from '#shared/ledger';
import type { MovingRuns, Realtime } from '#shared/realtime';
import type { Log } from '#shared/telemetry';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { Pipeline } from '../schemas/pipeline.ts';
import { isSettled } from '../streams/pipeline-changes.ts';
import type { RunWatcher } from '../streams/run-watcher.ts';

const LOOK_MS = 1_000;

interface Followed {
  readonly owner: string;
  /** What was told last. */
  told: { readonly text: string; readonly data: object } | undefined;
  stop(): void;
}

/** Tells people how far their runs are: what is true now, so nothing of it is kept. */
export function startRunProgress(options: {
  realtime: Realtime;
  moving: MovingRuns;
  ledger: Pick<Ledger, 'getRun'>;
  reader: Pick<PipelineReader, 'read'>;
  watcher: RunWatcher;
  flows: readonly string[];
  log: Log;
  /** Milliseconds between two looks for runs that began. */
  lookMs?: number | undefined;
}): { stop(): void } {
  const { realtime, moving, ledger, reader, watcher, flows, log, lookMs = LOOK_MS } = options;
  const followed = new Map<string, Followed>();
  /** Of those who were connected at the last look; whoever comes anew hears what moves from then on. */
  let since: Date | undefined;
  let isLooking = false;

  function tell(run: string, pipeline: Pipeline | undefined): void {
    const entry = followed.get(run);
    if (entry === undefined) return;
    if (pipeline !== undefined) {
      const data = progressOf(pipeline);
      const text = JSON.stringify(data);
      if (entry.told?.text !== text) realtime.tell(entry.owner, { type: 'run.progressed', data });
      entry.told = { text, data };
    }
    if (pipeline === undefined || isSettled(pipeline)) forget(run);
  }

  function forget(run: string): void {
    followed.get(run)?.stop();
    followed.delete(run);
  }

  async function follow(id: string, owner: string): Promise<void> {
    const run = await ledger.getRun(id);
    if (run === undefined) return;
    followed.set(id, { owner, told: undefined, stop: watcher.watch(run, (seen) => tell(id, seen)) });
  }

  /** It began and settled between two looks. */
  async function tellEnd(id: string, owner: string): Promise<void> {
    const run = await ledger.getRun(id);
    const [pipeline] = run === undefined ? [] : await reader.read([run]);
    if (pipeline !== undefined) realtime.tell(owner, { type: 'run.progressed', data: progressOf(pipeline) });
  }

  async function look(): Promise<void> {
    const owners = realtime.accounts();
    const present = new Set(owners);
    for (const [run, { owner }] of followed) if (!present.has(owner)) forget(run);
    if (owners.length === 0) {
      since = undefined;
      return;
    }
    const { runs, now } = await moving.look({ owners, flows, since });
    since = now;
    for (const { id, owner, isSettled: isOver } of runs) {
      if (followed.has(id)) continue;
      await (isOver ? tellEnd(id, owner) : follow(id, owner));
    }
  }

  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await look().catch((error: unknown) => log.warn({ error }, 'the progress of runs could not be read'));
    isLooking = false;
  }, lookMs).unref();

  realtime.watch({
    hears(account) {
      for (const { owner, told } of followed.values())
        if (owner === account && told !== undefined)
          realtime.tell(owner, { type: 'run.progressed', data: told.data });
    },
  });

  return {
    stop() {
      clearInterval(timer);
      for (const run of [...followed.keys()]) forget(run);
    },
  };
}

/** The head of a run, for a line in a list; the rest is at its link. */
function progressOf({ id, title, status, progress, steps }: Pipeline): object {
  return {
    ...{ run: id, title, status, progress },
    running: steps.filter((step) => step.status === 'running').map(({ name }) => name),
    links: { self: `/api/pipelines/${id}`, events: `/api/pipelines/${id}/events` },
  };
}
