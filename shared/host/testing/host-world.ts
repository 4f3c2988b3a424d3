import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '#shared/auth';
import { connect } from '#shared/database';
import { Permanent, Transient } from '#shared/errors';
import { eventCatalogue } from '#shared/events';
import type { FunctionDefinition, Ports } from '#shared/function';
import { createLedger, createWorkLedger, tracedLedger } from '#shared/ledger';
import { createFilesystemStore } from '#shared/storage';
import { createLog, createMetrics, type Tracing, untold } from '#shared/telemetry';
import { createLedgerFixture, on, testTopology } from '../../../test/ledger-fixture.ts';
import { createAdmission } from '../admission.ts';
import { startHostLease } from '../host-lease.ts';
import { createHostMetrics } from '../host-metrics.ts';
import { createLaneHost, type LaneHost } from '../lane-host.ts';
import { createReceiver, type Receiver } from '../receiver.ts';

/** A real host with two slots and one function, whose handler the test directs. */
export interface HostWorld {
  readonly receiver: Receiver;
  readonly started: unknown;
  /** Opens a run; answers its one delivery. */
  publish(): Promise<{ delivery: string }>;
  /** Ids of what is due. */
  due(): Promise<string[]>;
  stateOf(delivery: string): Promise<string | undefined>;
  runs(): Promise<{ owner: string; type: string }[]>;
  /** How often the handler was called. */
  calls(): number;
  /** Handlers wait until the answer is called. */
  hold(): () => void;
  /** The next call fails so that its delivery is then in this state. */
  fail(state: 'dead' | 'later'): void;
  /** Points the host at a database that is not there while `body` runs. */
  withoutLedger(body: () => Promise<void>): Promise<void>;
  take: LaneHost['take'];
  /** `traceparent` of all events, oldest first. */
  traces(): Promise<{ type: string; traceparent: string }[]>;
  drain(): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

const expiresAt = new Date(4e12);
const people: Readonly<Record<string, Principal>> = {
  alice: { sub: 'alice', account: 'acc-alice', roles: [], expiresAt },
  root: { sub: 'root', account: 'acc-root', roles: ['admin'], expiresAt },
};

export async function createHostWorld({ tracing }: { tracing?: Tracing } = {}): Promise<HostWorld> {
  const topology = testTopology({ 'only-step': [on('pipeline.started')] });
  const [fn] = topology.functions;
  if (fn === undefined) throw new Error('no function');
  const said = { ...fn, emits: ['pipeline.video.placed' as const] };
  const fixture = await createLedgerFixture(topology);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-host-'));
  const nowhere = connect({ url: 'postgres://nobody@127.0.0.1:9/none', max: 1, applicationName: 'test' });
  let pool = fixture.pool;
  // Whoever asks the pool asks the one of the moment.
  const switched = new Proxy(fixture.pool, {
    get: (_, name) => {
      const value: unknown = Reflect.get(pool, name);
      return typeof value === 'function' ? value.bind(pool) : value;
    },
  });
  const parts = { pool: switched, source: topology.source, wake: () => undefined };
  const ledger = tracedLedger({ ledger: createLedger(parts), tracing: tracing ?? untold });
  const work = createWorkLedger(parts);
  const host = await fixture.host();
  const lease = startHostLease({ url: fixture.url, host, onDead: () => undefined });
  let calls = 0;
  let held: Promise<void> = Promise.resolve();
  let failure: 'dead' | 'later' | undefined;
  const started = eventCatalogue['pipeline.started'].example;
  const definition: FunctionDefinition<'pipeline.started', never> = {
    name: 'only-step',
    summary: 'For a test.',
    consumes: ['pipeline.started'],
    needs: [],
    async handle() {
      calls += 1;
      await held;
      const now = failure;
      failure = undefined;
      if (now === 'dead') throw new Permanent('bad', 'It is bad.');
      if (now === 'later') throw new Transient('away', 'It is away.');
      return { emits: [{ type: 'pipeline.video.placed', data: { products: [] } }] };
    },
  };
  const laneHost = createLaneHost({
    host,
    lane: 'light',
    concurrency: 2,
    functions: [{ definition: definition as unknown as FunctionDefinition, topology: said }],
    work,
    lease,
    store: await createFilesystemStore({ root: join(folder, 'objects') }),
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => 1 },
    log: createLog({ service: 'test', level: 'silent' }),
    metrics: createHostMetrics(createMetrics({ service: 'test' })),
    workRoot: join(folder, 'work'),
    report: () => undefined,
    // The test says what is worked on, and when.
    pollMs: 0,
    ...(tracing === undefined ? {} : { tracing }),
  });
  const receiver = createReceiver({
    host: laneHost,
    metrics: createMetrics({ service: 'test' }),
    health: () => ledger.health(),
    admit: createAdmission({ topology: { ...topology, functions: [said] }, ledger }),
    auth: {
      async verify(token) {
        const person = people[token];
        if (person === undefined) throw new Permanent('token-invalid', 'The token is refused.');
        return person;
      },
    },
  });
  return {
    receiver,
    started,
    async publish() {
      const run = await fixture.start();
      await fixture.rows('update ledger.event set data = $2 where run = $1', [run, JSON.stringify(started)]);
      const [row] = await fixture.rows<{ id: string }>('select id from ledger.delivery where run = $1', [
        run,
      ]);
      return { delivery: row?.id ?? '' };
    },
    async due() {
      const rows = await fixture.rows<{ id: string }>("select id from ledger.delivery where state = 'due'");
      return rows.map(({ id }) => id);
    },
    async stateOf(delivery) {
      const [row] = await fixture.rows<{ state: string }>('select state from ledger.delivery where id = $1', [
        delivery,
      ]);
      return row?.state;
    },
    runs: () =>
      fixture.rows(
        'select r.owner, e.type from ledger.run r join ledger.event e on e.run = r.id order by r.seq',
      ),
    calls: () => calls,
    hold() {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    fail(state) {
      failure = state;
    },
    async withoutLedger(body) {
      pool = nowhere;
      await body().finally(() => {
        pool = fixture.pool;
      });
    },
    take: (delivery) => laneHost.take(delivery),
    traces: () => fixture.rows('select type, traceparent from ledger.event order by recorded_at'),
    drain() {
      receiver.drain();
      return laneHost.drain(10_000);
    },
    async clear() {
      calls = 0;
      await fixture.rows('truncate ledger.run, ledger.event, ledger.delivery, ledger.attempt');
    },
    async close() {
      await laneHost.drain(0);
      await lease.stop();
      await nowhere.end();
      await fixture.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
