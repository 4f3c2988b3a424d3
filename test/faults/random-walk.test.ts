import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRunId } from '#shared/ledger';
import { numbersFrom, testSeed } from '../seed.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import type { Order } from './platform/messages.ts';
import { chainRun, startTestPlatform, type TestPlatform } from './platform/platform.ts';
import type { Role } from './platform/role.ts';
import { RunModel } from './run-model.ts';

const seed = testSeed();
/** Thirty seconds; a nightly run sets more. */
const seconds = Number(process.env['FAULTS_WALK_SECONDS'] ?? 30);
const numbers = numbersFrom(`${seed} walk`);
const below = (limit: number): number => numbers.next().value % limit;
const oneOf = <Item>(items: readonly Item[]): Item | undefined => items[below(Math.max(1, items.length))];

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());

const topics = ['does its work', 'takes a while', 'fails once', 'fails for good'] as const;

it(
  `walks at random over requests, deaths and outages for ${seconds} s, and the ledger agrees with a plain model (seed ${seed})`,
  async () => {
    const roles = new Map<'worker' | 'second worker' | 'scheduler' | 'ingress', Role>();
    const revive = async (): Promise<void> => {
      for (const name of ['worker', 'second worker', 'scheduler', 'ingress'] as const) {
        const role = roles.get(name);
        if (role === undefined || !platform.isAlive(role))
          roles.set(name, await platform.start(name === 'second worker' ? 'worker' : name));
      }
    };
    await revive();
    const model = new RunModel();

    /** Undefined: nobody answered, so it may have held or not. */
    async function ask(order: Order): Promise<{ answer?: unknown; refused?: string } | undefined> {
      const ingress = roles.get('ingress');
      if (ingress === undefined) return undefined;
      return ingress.order(order).then(
        (answer) => ({ answer }),
        (error: Error) =>
          /is dead in this run|was cancelled|still going on/.test(error.message)
            ? { refused: error.message }
            : undefined,
      );
    }

    const steps: Record<string, () => Promise<void>> = {
      async publish() {
        const topic = topics[below(topics.length)] ?? 'does its work';
        const id = newRunId();
        const request = { ...chainRun(topic, id), idempotency: { key: id, requestHash: topic } };
        for (let times = 1 + below(3); times > 0; times -= 1) {
          const said = await ask({ kind: 'publish', request });
          if (said === undefined) model.maybePublished(id, topic);
          else model.published(id, topic);
        }
      },
      async cancel() {
        const run = oneOf(model.runs());
        if (run === undefined) return;
        const said = await ask({ kind: 'cancel', run });
        if (said === undefined) model.maybeCancelled(run);
        else if (said.answer === 'cancelled') model.cancelled(run);
      },
      async retry() {
        const run = oneOf(model.runs());
        if (run !== undefined) await ask({ kind: 'retry', run, function: 'first-step' });
      },
      killWorker: async () => roles.get('worker')?.kill(),
      killScheduler: async () => roles.get('scheduler')?.kill(),
      killIngress: async () => roles.get('ingress')?.kill(),
      async pauseWorker() {
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
      async cutSessions() {
        await platform.rows(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where pid <> pg_backend_pid() and application_name <> 'faults test' and backend_type = 'client backend'`,
        );
      },
      crashDatabase: () => platform.crashDatabase(),
    };
    // Requests are common, deaths are rare, an outage of the database rarer.
    const requests = [...Array<string>(6).fill('publish'), 'cancel', 'cancel', 'retry'];
    const deaths = [
      'killWorker',
      'killWorker',
      'killScheduler',
      'killIngress',
      'pauseWorker',
      'cutSessions',
      'crashDatabase',
    ];
    const walked: string[] = [];
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      const name = oneOf(below(10) === 0 ? deaths : requests) ?? 'publish';
      walked.push(name);
      await steps[name]?.();
      if (below(4) === 0) await revive();
      await sleep(below(40));
    }
    await revive();
    await platform.settled(90_000, revive);
    const rows = await platform.rows<{ id: string; state: string }>('select id, state from ledger.run');
    expect(model.contradictions(new Map(rows.map(({ id, state }) => [id, state])))).toEqual([]);
    expect(walked.length).toBeGreaterThan(20);
    await expectGuarantees({ pool: platform.pool, objects: platform.objects, leftovers: true });
  },
  (seconds + 150) * 1_000,
);
