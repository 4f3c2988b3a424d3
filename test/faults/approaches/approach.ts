import { newRunId, runIdFor } from '#shared/ledger';
import { until } from '../../end-to-end/processes.ts';
import type { Order } from '../platform/messages.ts';
import { chainRun, type TestPlatform } from '../platform/platform.ts';
import type { Role } from '../platform/role.ts';

/** The processes of one life of the platform. */
export interface Group {
  worker: Role;
  scheduler: Role;
  ingress: Role;
}

/** What leads to a point. */
export interface Lead {
  /** Asked of the ingress again and again, as a client does, until it is answered. */
  readonly order?: Order;
  /** What else holds once everything that died is back and the order is answered. */
  readonly afterwards?: (settled: () => Promise<void>) => Promise<void>;
}

/** Leads the platform to a point. */
export type Approach = (platform: TestPlatform, group: Group) => Promise<Lead>;

export const beginning =
  (topic: string): Approach =>
  async () => {
    const key = newRunId();
    const id = runIdFor({ owner: 'alice', operation: 'video', key });
    const request = { ...chainRun(topic, id), idempotency: { key, requestHash: topic } };
    return { order: { kind: 'publish', request } };
  };

/** Publishes past the ingress, so that only what comes afterwards meets the fault. */
export async function started(platform: TestPlatform, topic: string, owner = 'alice'): Promise<string> {
  const { run, event } = chainRun(topic);
  await platform.ledger.publish({ run: { ...run, owner }, event });
  return run.id;
}

/** Resolves once the run, or a delivery of it, is in this state. */
export async function inState(platform: TestPlatform, run: string, state: string): Promise<void> {
  await until({
    what: `run ${run} is ${state}`,
    limitMs: 60_000,
    look: async () =>
      (
        await platform.rows(
          `select from ledger.run r where id = $1 and (state = $2 or exists (
             select from ledger.delivery d where d.run = r.id and d.state = $2))`,
          [run, state],
        )
      ).length === 1,
  });
}

/** Lets the time of a schedule come, for the scheduler to see. */
export async function comes(platform: TestPlatform, name: string): Promise<void> {
  await platform.rows('update ledger.schedule set next_at = ledger.ledger_now() where function = $1', [name]);
}

/** Has a schedule tick at once, without waiting for the scheduler to look. */
export async function tick(platform: TestPlatform, name: string): Promise<void> {
  await comes(platform, name);
  await platform.housekeeping.tick();
}
