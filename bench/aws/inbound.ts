import { defineFunction, type FunctionDefinition } from '#shared/function';
import { createInbox } from '#shared/inbox';
import { createLedger, syncTopology } from '#shared/ledger';
import { consumeNotices } from '#shared/notices';
import { type AwsConnection, openQueues } from '#shared/queue';
import { createS3Store } from '#shared/storage';
import type { Topology } from '#shared/topology';
import { createSqsTransport } from '#shared/transport';
import type { Provisioned } from '../../test/aws/provisioned.ts';
import type { AwsServer } from '../../test/aws/servers/aws-server.ts';
import { startLane } from '../ledger/lane.ts';
import { CONCURRENCY, topology as chain, placed } from '../ledger/topology.ts';
import { type BenchLedger, silent } from '../ledger/with-ledger.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';

const LANE = 'light';
const topology: Topology = {
  ...chain,
  flows: {
    'dropped-video': {
      ...{ title: 'Bench', starts: ['script.uploaded'] },
      ...{ completed: 'pipeline.completed', failed: 'pipeline.failed' },
    },
  },
  functions: [
    { ...placed('first-step', 'pipeline.started'), triggers: [{ kind: 'event', type: 'script.uploaded' }] },
  ],
  buckets: { inbox: { '{name}.md': 'script.uploaded' } },
};

/** An inbound bucket, and the lane of what it starts. They know each other by SQS alone, as two processes do. */
export interface Inbound {
  /** Of the function, by the object's key. */
  readonly starts: Arrivals;
  stop(): Promise<void>;
}

export async function startInbound(request: {
  server: AwsServer;
  place: Provisioned;
  ledger: BenchLedger;
}): Promise<Inbound> {
  const { server, place, ledger } = request;
  const at: AwsConnection = {
    endpoint: server.endpoint,
    region: server.region,
    credentials: server.credentials,
  };
  const starts = createArrivals();
  await syncTopology(ledger.pool, topology);
  const transport = () =>
    createSqsTransport({ queues: openQueues(at), prefix: place.prefix, lanes: [LANE], log: silent });
  const [sending, receiving, queues] = [transport(), transport(), openQueues(at)];
  const lane = await startLane(ledger, [noteStart(starts)], { topology });
  await receiving.listen(() => lane.wake(), { lanes: [LANE], room: () => CONCURRENCY });
  const store = await createS3Store({ ...server, bucket: place.inbox });
  const artifacts = await createS3Store({ ...server, bucket: place.artifacts });
  const inbox = await createInbox({
    ...{ store, artifacts, topology, pool: ledger.pool, account: 'bench', log: silent },
    ledger: createLedger({
      ...{ pool: ledger.pool, source: topology.source, wake: (lanes) => sending.send(lanes) },
    }),
    clock: { now: () => new Date() },
  });
  const consumer = consumeNotices({
    ...{ queues, queue: place.inbound, bucket: place.inbox, look: inbox.look, log: silent },
  });
  return {
    starts,
    async stop() {
      await consumer.stop();
      await inbox.stop();
      await lane.stop();
      await Promise.all([sending.close(), receiving.close()]);
      for (const each of [queues, store, artifacts]) each.close();
    },
  };
}

function noteStart(starts: Arrivals): FunctionDefinition {
  return defineFunction({
    name: 'first-step',
    summary: 'Notes when it starts.',
    consumes: ['script.uploaded'],
    needs: [],
    async handle(input) {
      starts.note(input.one('script.uploaded').data.path);
      return {};
    },
  }) as unknown as FunctionDefinition;
}
