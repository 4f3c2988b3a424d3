import { newRunId, runIdFor } from '#shared/ledger';
import { until } from '../end-to-end/processes.ts';
import type { Order } from './platform/messages.ts';
import { chainRun, type TestPlatform } from './platform/platform.ts';
import type { Role } from './platform/role.ts';

/** The processes of one life of the platform. */
export interface Group {
  worker: Role;
  scheduler: Role;
  ingress: Role;
}

/** Leads the platform to a point; what it asks of the ingress again and again, as a client does, until it is answered. */
export type Approach = (platform: TestPlatform, group: Group) => Promise<Order | undefined>;

const publish = (topic: string): Order => {
  const key = newRunId();
  const id = runIdFor({ owner: 'alice', operation: 'video', key });
  return { kind: 'publish', request: { ...chainRun(topic, id), idempotency: { key, requestHash: topic } } };
};

const beginning =
  (topic: string): Approach =>
  async () =>
    publish(topic);

/** Publishes past the ingress, so that only what comes afterwards meets the fault. */
async function started(platform: TestPlatform, topic: string): Promise<string> {
  const { run, event } = chainRun(topic);
  await platform.ledger.publish({ run, event });
  return run.id;
}

function inState(platform: TestPlatform, run: string, state: string): Promise<true> {
  return until({
    what: `run ${run} is ${state}`,
    limitMs: 20_000,
    look: async () =>
      (
        await platform.rows(
          `select from ledger.run r where id = $1 and (state = $2 or exists (
             select from ledger.delivery d where d.run = r.id and d.state = $2))`,
          [run, state],
        )
      ).length === 1 && true,
  });
}

const drained: Approach = async (platform, group) => {
  await inState(platform, await started(platform, 'takes a while'), 'leased');
  group.worker.signal('SIGTERM');
  return undefined;
};

/** A worker dies and nobody saw it: only the silence of its lease tells. */
const lost: Approach = async (platform, group) => {
  const { worker } = group;
  await inState(platform, await started(platform, 'takes a while'), 'leased');
  platform.forget(worker);
  await worker.kill();
  await platform.rows(`update ledger.host set renewed_at = renewed_at - interval '1 minute' where id = $1`, [
    worker.host,
  ]);
  group.worker = await platform.start('worker');
  return undefined;
};

const stranded: Approach = async (platform) => {
  platform.faults.ask('settle.looked', 'throw');
  await started(platform, 'does its work');
  return undefined;
};

const ticked: Approach = async (platform) => {
  await platform.rows(
    `update ledger.schedule set next_at = ledger.ledger_now() where function = 'tick-step'`,
  );
  return undefined;
};

const cancelled: Approach = async (platform) => {
  const run = await started(platform, 'takes long');
  await inState(platform, run, 'leased');
  return { kind: 'cancel', run };
};

const retried: Approach = async (platform) => {
  const run = await started(platform, 'fails for good');
  await inState(platform, run, 'failed');
  return { kind: 'retry', run, function: 'first-step' };
};

const replayed: Approach = async (platform) => {
  const run = await started(platform, 'does its work');
  await inState(platform, run, 'completed');
  return { kind: 'replay', run, from: 'second-step', key: newRunId() };
};

/** How each named point is reached. One that stands in the code and not here fails the suite, and the other way round. */
export const deaths: Readonly<Record<string, Approach>> = {
  'publish.opened': beginning('does its work'),
  'publish.recorded': beginning('does its work'),
  'publish.unannounced': beginning('does its work'),
  'notify.sending': beginning('does its work'),
  'claim.made': beginning('does its work'),
  'handle.before': beginning('does its work'),
  'store.written': beginning('does its work'),
  'store.synced': beginning('does its work'),
  'store.folder': beginning('does its work'),
  'store.renamed': beginning('does its work'),
  'put.stored': beginning('does its work'),
  'store.linked': beginning('does its work'),
  'place.copied': beginning('does its work'),
  'handle.done': beginning('does its work'),
  'commit.locked': beginning('does its work'),
  'commit.written': beginning('does its work'),
  'commit.fenced': beginning('does its work'),
  'commit.artifacts': beginning('does its work'),
  'commit.recorded': beginning('does its work'),
  'commit.done': beginning('does its work'),
  'commit.unannounced': beginning('does its work'),
  'settle.looked': beginning('does its work'),
  'settle.published': beginning('does its work'),
  'store.removing': beginning('fails once'),
  'fail.recorded': beginning('fails once'),
  'fail.done': beginning('fails for good'),
  'fail.unannounced': beginning('fails for good'),
  'promote.unannounced': beginning('fails once'),
  'release.unannounced': drained,
  'schedule.fired': ticked,
  'schedule.unannounced': ticked,
  'takeover.buried': lost,
  'takeover.released': lost,
  'stranded.found': stranded,
  'cancel.marked': cancelled,
  'cancel.ended': cancelled,
  'retry.reopened': retried,
  'retry.unannounced': retried,
  'replay.copied': replayed,
  'command.recorded': async () => ({ kind: 'command', key: newRunId() }),
  'command.done': async () => ({ kind: 'command', key: newRunId() }),
};
