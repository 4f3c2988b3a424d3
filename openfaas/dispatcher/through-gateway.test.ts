import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '#shared/config';
import { eventCatalogue } from '#shared/events';
import type { FunctionDefinition } from '#shared/function';
import { createWakeUps, newRunId } from '#shared/ledger';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { type FunctionPod, startFunctionPod } from '../testing/function-pod.ts';
import { createDispatcher, type Dispatcher } from './create-dispatcher.ts';
import { gatewayPost } from './gateway.ts';

const plain = testTopology({
  'fetch-words': [on('pipeline.started')],
  'write-words': [on('pipeline.keywords.fetched')],
});
const topology = {
  ...plain,
  functions: plain.functions.map((fn) =>
    fn.name === 'fetch-words' ? { ...fn, emits: ['pipeline.keywords.fetched' as const] } : fn,
  ),
};
const definitions: readonly FunctionDefinition[] = [
  {
    name: 'fetch-words',
    summary: 'For a test.',
    consumes: ['pipeline.started'],
    needs: [],
    handle: async () => ({
      emits: [
        { type: 'pipeline.keywords.fetched', data: eventCatalogue['pipeline.keywords.fetched'].example },
      ],
    }),
  },
  {
    name: 'write-words',
    summary: 'For a test.',
    consumes: ['pipeline.keywords.fetched'],
    needs: [],
    handle: async () => ({ emits: [] }),
  },
] as unknown as readonly FunctionDefinition[];
const RUNS = 40;

let fixture: LedgerFixture;
let pods: Map<string, FunctionPod>;
let requests = 0;
const gateway = createServer(forward);

/** Like the gateway: to the function of that name, or 404. Now and then it has no room, or its answer is lost. */
function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const name = /^\/function\/([a-z-]+)$/.exec(incoming.url ?? '')?.[1] ?? '';
  const pod = pods.get(name);
  requests += 1;
  const turn = requests;
  if (pod === undefined || turn % 11 === 0) {
    incoming.resume();
    outgoing.writeHead(pod === undefined ? 404 : 429).end();
    return;
  }
  const { method, headers } = incoming;
  const toward = request(pod.url, { method, headers }, (answered) => {
    if (turn % 7 === 0) outgoing.destroy();
    else answered.pipe(outgoing.writeHead(answered.statusCode ?? 500, answered.headers));
  });
  toward.on('error', () => outgoing.destroy());
  incoming.pipe(toward);
}

beforeAll(async () => {
  fixture = await createLedgerFixture(topology);
  const started = await Promise.all(
    definitions.map(async (definition, index) => {
      const fn = topology.functions[index];
      if (fn === undefined) throw new Error('no function');
      return [
        definition.name,
        await startFunctionPod({ fixture, definition, topology: fn, slots: 4 }),
      ] as const;
    }),
  );
  pods = new Map(started);
  await new Promise<void>((resolve) => {
    gateway.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(async () => {
  gateway.closeAllConnections();
  gateway.close();
  for (const pod of pods.values()) await pod.stop();
  await fixture.close();
});

function dispatch(): Dispatcher {
  const { port } = gateway.address() as AddressInfo;
  const config = loadConfig({ OPENFAAS_URL: `http://127.0.0.1:${port}` });
  if (config.gateway === undefined) throw new Error('no gateway');
  const wakeUps = createWakeUps({ pool: fixture.pool });
  return createDispatcher({
    topology,
    take: (asked) => wakeUps.take({ ...asked, of: 'all' }),
    post: gatewayPost({ gateway: config.gateway, topology }),
    log: { warn: () => undefined, info: () => undefined },
  });
}

describe('runs on a gateway', () => {
  it('are done once, by two dispatchers, though it is full at times and loses answers', async () => {
    const started = eventCatalogue['pipeline.started'].example;
    for (let n = 0; n < RUNS; n += 1)
      await fixture.ledger.publish({
        run: { id: newRunId(), flow: 'video', owner: 'alice', title: `Run ${n}`, labels: {} },
        event: { type: 'pipeline.started', data: started },
      });
    const dispatchers = [dispatch(), dispatch()];
    const asking = setInterval(() => {
      for (const each of dispatchers) each.look(['light']);
    }, 100);
    try {
      await vi.waitFor(
        async () => {
          const [row] = await fixture.rows<{ done: string }>(
            "select count(*) as done from ledger.delivery where state = 'done'",
          );
          expect(Number(row?.done)).toBe(2 * RUNS);
        },
        { timeout: 50_000, interval: 200 },
      );
    } finally {
      clearInterval(asking);
      for (const each of dispatchers) await each.close();
    }
    const [facts] = await fixture.rows(`select
      (select count(*)::int from ledger.event where type = 'pipeline.keywords.fetched') as emitted,
      (select count(*)::int from ledger.delivery) as deliveries,
      (select count(*)::int from ledger.attempt) as failures`);
    expect(facts).toEqual({ emitted: RUNS, deliveries: 2 * RUNS, failures: 0 });
  }, 120_000);
});
