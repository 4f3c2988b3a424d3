import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '#shared/config';
import type { WakeUp } from '#shared/ledger';
import { on, testTopology } from '../../test/ledger-fixture.ts';
import { type GatewayPeer, startGatewayPeer } from '../testing/gateway-peer.ts';
import { createDispatcher, type Dispatcher } from './create-dispatcher.ts';
import { gatewayPost } from './gateway.ts';

const plain = testTopology({ one: [on('pipeline.started')], two: [on('pipeline.started')] });
const light = plain.profiles.light;
if (light === undefined) throw new Error('no profile');
const topology = {
  ...plain,
  // Two slots a function.
  profiles: { ...plain.profiles, light: { ...light, concurrency: 1, scale: { min: 0, max: 2 } } },
};

/** A busy machine may take long. */
const WITHIN = { timeout: 20_000 };

let gateway: GatewayPeer;
let due: WakeUp[];
let warnings: string[];
let counted: string[];
let dispatcher: Dispatcher;
let taken: number;

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end('words');

beforeAll(async () => {
  gateway = await startGatewayPeer();
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.clear();
  [due, warnings, counted, taken] = [[], [], [], 0];
  dispatcher = dispatch();
});
afterEach(() => dispatcher.close());

function dispatch(more: Record<string, string> = {}): Dispatcher {
  const { gateway: settings } = loadConfig({
    OPENFAAS_URL: `${gateway.url}/`,
    OPENFAAS_PASSWORD: 'open:sesame',
    ...more,
  });
  if (settings === undefined) throw new Error('no gateway');
  return createDispatcher({
    topology,
    take: async ({ limit }) => {
      taken += 1;
      return due.splice(0, limit);
    },
    post: gatewayPost({ gateway: settings, topology }),
    count: ({ function: name, outcome }) => void counted.push(`${name} ${outcome}`),
    log: {
      warn: (fields) => void warnings.push(String((fields as { error: Error }).error.message)),
      info: () => undefined,
    },
  });
}

const wakeUp = (name: string, n = 1): WakeUp => ({
  delivery: `0198c0de-0000-8000-a000-${String(n).padStart(12, '0')}`,
  function: name,
  number: 1,
});
const callsOf = (name: string) => gateway.calls.filter((call) => call.function === name).length;

describe('the dispatcher', () => {
  it('calls the function by the gateway, says who it is, and names the delivery', async () => {
    due = [wakeUp('one')];
    dispatcher.look(['light']);
    await vi.waitFor(() => expect(counted).toEqual(['one sent']), WITHIN);
    expect(gateway.calls).toEqual([
      {
        path: '/function/one',
        function: 'one',
        authorization: `Basic ${Buffer.from('admin:open:sesame').toString('base64')}`,
        event: expect.objectContaining({
          type: 'millrace.wake-up',
          id: `${wakeUp('one').delivery}.1`,
          function: 'one',
        }),
      },
    ]);
  });

  it('calls by the queue of OpenFaaS where it is told to', async () => {
    await dispatcher.close();
    dispatcher = dispatch({ OPENFAAS_INVOKE: 'async-function' });
    due = [wakeUp('one')];
    dispatcher.look(['light']);
    await vi.waitFor(
      () => expect(gateway.calls.map(({ path }) => path)).toEqual(['/async-function/one']),
      WITHIN,
    );
  });

  it('takes all there is, however much, and has no more under way than there are slots', async () => {
    const held: ServerResponse[] = [];
    gateway.answer('one', (response) => void held.push(response));
    due = Array.from({ length: 250 }, (_, n) => wakeUp('one', n));
    dispatcher.look(['light']);
    await vi.waitFor(() => expect(held).toHaveLength(2), WITHIN);
    await vi.waitFor(
      () => expect(dispatcher.figures()[0]).toMatchObject({ waiting: 248, underWay: 2 }),
      WITHIN,
    );
    expect(held).toHaveLength(2);
    gateway.answer('one', status(202));
    for (const response of held) response.writeHead(202).end();
    await vi.waitFor(() => expect(callsOf('one')).toBe(250), WITHIN);
    expect(new Set(gateway.calls.map(({ event }) => event.id)).size).toBe(250);
  });

  it('sends nothing twice that is on its way, and asks again for what was held back', async () => {
    const held: ServerResponse[] = [];
    gateway.answer('one', (response) => void held.push(response));
    due = [wakeUp('one')];
    dispatcher.look(['light']);
    await vi.waitFor(() => expect(held).toHaveLength(1), WITHIN);
    due = [{ ...wakeUp('one'), number: 2 }];
    dispatcher.look(['light']);
    await vi.waitFor(() => expect(due).toEqual([]), WITHIN);
    const before = taken;
    held[0]?.writeHead(202).end();
    await vi.waitFor(() => expect(taken).toBeGreaterThan(before), WITHIN);
    expect(gateway.calls).toHaveLength(1);
  });

  it.each<[what: string, answer: (response: ServerResponse) => void, says: RegExp]>([
    ['has no room (503)', status(503), /answered 503/],
    ['has too much (429)', status(429), /answered 429/],
    ['does not know it (404)', status(404), /answered 404/],
    ['does not know who asks (401)', status(401), /answered 401/],
    ['fails (500)', status(500), /answered 500/],
    ['points elsewhere (301)', status(301, { location: '/function/two' }), /answered 301/],
    ['cuts the line', (response) => void response.socket?.destroy(), /socket hang up|ECONNRESET/],
  ])(
    'where the gateway %s goes on with the others, says it once, and goes on when it is well',
    async (_, answer, says) => {
      gateway.answer('one', answer);
      due = [wakeUp('one', 1), wakeUp('one', 2), wakeUp('one', 3), wakeUp('two', 4), wakeUp('two', 5)];
      dispatcher.look(['light']);
      await vi.waitFor(() => expect(counted.filter((word) => word === 'two sent')).toHaveLength(2), WITHIN);
      await vi.waitFor(() => expect(warnings).toEqual([expect.stringMatching(says)]), WITHIN);
      expect(warnings.join()).not.toContain('sesame');
      expect(callsOf('two')).toBe(2);
      gateway.answer('one', status(202));
      await vi.waitFor(() => expect(counted.filter((word) => word === 'one sent')).toHaveLength(3), WITHIN);
    },
  );

  it('asks a gateway that refuses less and less often', async () => {
    gateway.answer('one', status(503));
    due = [wakeUp('one', 1), wakeUp('one', 2)];
    const before = performance.now();
    dispatcher.look(['light']);
    await vi.waitFor(() => expect(warnings).toHaveLength(1), WITHIN);
    // Two at once, then one after 0.1 s, 0.2, 0.4 …
    expect(callsOf('one')).toBeLessThanOrEqual(3 + Math.log2(1 + (performance.now() - before) / 100));
  });

  it('goes on with the others where a function hangs, and lets go of it when it is closed', async () => {
    gateway.answer('one', () => undefined);
    due = [wakeUp('one', 1), wakeUp('one', 2), wakeUp('one', 3), wakeUp('two', 4)];
    dispatcher.look(['light']);
    await vi.waitFor(() => expect(counted).toEqual(['two sent']), WITHIN);
    const before = performance.now();
    await dispatcher.close();
    await vi.waitFor(
      () =>
        expect(dispatcher.figures()).toEqual([
          { function: 'one', waiting: 1, underWay: 0 },
          { function: 'two', waiting: 0, underWay: 0 },
        ]),
      WITHIN,
    );
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(warnings).toEqual([]);
  });

  it('waits for a gateway that is not there yet', async () => {
    await gateway.close();
    due = [wakeUp('one')];
    dispatcher.look(['light']);
    await vi.waitFor(() => expect(warnings).toEqual([expect.stringContaining('ECONNREFUSED')]), WITHIN);
    await gateway.open();
    await vi.waitFor(() => expect(counted).toContain('one sent'), WITHIN);
  });

  it('asks again when it is told again after the ledger was away', async () => {
    const words: string[] = [];
    let isAway = true;
    const lonely = createDispatcher({
      topology,
      async take() {
        if (isAway) throw new Error('no ledger');
        return [wakeUp('two')];
      },
      post: async () => void words.push('sent'),
      log: { warn: () => void words.push('warned'), info: () => undefined },
    });
    lonely.look(['light']);
    await vi.waitFor(() => expect(words).toEqual(['warned']), WITHIN);
    isAway = false;
    lonely.look(['light']);
    await vi.waitFor(() => expect(words).toContain('sent'), WITHIN);
    await lonely.close();
  });

  it('leaves what a newer version knows to that one', async () => {
    due = [wakeUp('three'), wakeUp('two', 2)];
    dispatcher.look(['light']);
    await vi.waitFor(() => expect(counted).toEqual(['two sent']), WITHIN);
    await sleep(50);
    expect(gateway.calls.map((call) => call.function)).toEqual(['two']);
  });
});
