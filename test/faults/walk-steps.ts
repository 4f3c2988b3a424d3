import { setTimeout as sleep } from 'node:timers/promises';
import { newRunId, runIdFor } from '#shared/ledger';
import type { Order } from './platform/messages.ts';
import { chainRun, type TestPlatform } from './platform/platform.ts';
import type { Role } from './platform/role.ts';
import type { RunModel } from './run-model.ts';

const topics = ['does its work', 'takes a while', 'fails once', 'fails for good', 'asks a provider'] as const;
const functions = ['first-step', 'second-step'] as const;
const HOUR_MS = 3_600_000;
/** What the ledger says no to; any other error leaves open whether it held. */
const refusals =
  /is dead in this run|is not dead|was cancelled|still going on|never came to|There is no run|nothing is dead/;

export const walkers = ['worker', 'second worker', 'scheduler', 'ingress'] as const;
type Walker = (typeof walkers)[number];

/** Where the walk goes; every choice is drawn from `below`. */
export interface Walk {
  readonly platform: TestPlatform;
  readonly model: RunModel;
  readonly roles: ReadonlyMap<Walker, Role>;
  below(limit: number): number;
}

export type Step = (walk: Walk) => Promise<void>;

function oneOf<Item>({ below }: Walk, items: readonly Item[]): Item | undefined {
  return items[below(Math.max(1, items.length))];
}

/** Undefined: nobody answered, so it may have held or not. */
function ask({ roles }: Walk, order: Order): Promise<{ answer?: unknown; refused?: string } | undefined> {
  const ingress = roles.get('ingress');
  if (ingress === undefined) return Promise.resolve(undefined);
  return ingress.order(order).then(
    (answer) => ({ answer }),
    (error: Error) => (refusals.test(error.message) ? { refused: error.message } : undefined),
  );
}

/** Attempts of a function that have begun: each claim counts its delivery's fence up. */
async function begun({ platform }: Walk, name: string): Promise<number> {
  const [row] = await platform.rows<{ begun: number }>(
    'select coalesce(sum(fence), 0)::int as begun from ledger.delivery where function = $1',
    [name],
  );
  return row?.begun ?? 0;
}

export async function resumeAll(walk: Walk): Promise<void> {
  for (const name of functions) {
    if (walk.model.isPaused(name)) walk.model.resuming(name, await begun(walk, name));
    await walk.platform.operations.resume({ name });
  }
}

/** What people ask for. */
export const requests: Readonly<Record<string, Step>> = {
  async publish(walk) {
    const topic = topics[walk.below(topics.length)] ?? 'does its work';
    const id = newRunId();
    const request = { ...chainRun(topic, id), idempotency: { key: id, requestHash: topic } };
    for (let times = 1 + walk.below(3); times > 0; times -= 1) {
      const said = await ask(walk, { kind: 'publish', request });
      if (said === undefined) walk.model.maybePublished(id, topic);
      else walk.model.published(id, topic);
    }
  },
  async cancel(walk) {
    const run = oneOf(walk, walk.model.runs());
    if (run === undefined) return;
    const said = await ask(walk, { kind: 'cancel', run });
    if (said === undefined) walk.model.maybeCancelled(run);
    else if (said.answer === 'cancelled') walk.model.cancelled(run);
  },
  async retry(walk) {
    const run = oneOf(walk, walk.model.runs());
    if (run !== undefined) await ask(walk, { kind: 'retry', run, function: 'first-step' });
  },
  async retryDelivery(walk) {
    const run = oneOf(walk, walk.model.runs());
    if (run !== undefined) await ask(walk, { kind: 'retry delivery', run });
  },
  async retryMany(walk) {
    await ask(walk, { kind: 'retry many', owner: 'alice' });
  },
  async replay(walk) {
    const run = oneOf(walk, walk.model.runs());
    if (run === undefined) return;
    const key = newRunId();
    const from = oneOf(walk, functions) ?? 'first-step';
    const id = runIdFor({ owner: 'alice', operation: `replay ${run}`, key });
    for (let times = 1 + walk.below(2); times > 0; times -= 1) {
      const said = await ask(walk, { kind: 'replay', run, from, key });
      if (said === undefined) walk.model.maybeReplayed(run, id);
      else if (said.answer !== undefined) walk.model.replayed(run, id);
    }
  },
  async pause(walk) {
    const name = oneOf(walk, functions) ?? 'first-step';
    const said = await ask(walk, { kind: 'pause', name });
    if (said?.answer !== undefined) walk.model.paused(name, await begun(walk, name));
  },
  async resume(walk) {
    const name = oneOf(walk, functions) ?? 'first-step';
    walk.model.resuming(name, await begun(walk, name));
    await ask(walk, { kind: 'resume', name });
  },
};

/** What happens to the platform. */
export const mishaps: Readonly<Record<string, Step>> = {
  killWorker: async ({ roles }) => roles.get('worker')?.kill(),
  killScheduler: async ({ roles }) => roles.get('scheduler')?.kill(),
  killIngress: async ({ roles }) => roles.get('ingress')?.kill(),
  drainWorker: async ({ roles }) => roles.get('worker')?.signal('SIGTERM'),
  async stopWorker({ roles, platform }) {
    const worker = roles.get('second worker');
    if (worker === undefined) return;
    worker.signal('SIGSTOP');
    await platform.housekeeping.takeOver({
      silentMs: 30_000,
      hosts: worker.host === undefined ? [] : [worker.host],
    });
    await sleep(200);
    worker.signal('SIGCONT');
  },
  async jumpInTime({ platform, below }) {
    await platform.rows(`select setval('ledger.clock_shift', $1)`, [(below(3) - 1) * HOUR_MS]);
  },
  async cutSessions({ platform }) {
    await platform.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where pid <> pg_backend_pid() and application_name <> 'faults test' and backend_type = 'client backend'`,
    );
  },
  crashDatabase: ({ platform }) => platform.crashDatabase(),
};
