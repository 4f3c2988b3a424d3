/** Commands on a real ledger, in this process and over HTTP, for the tests of both. */
import { z } from 'zod';
import type { Principal } from '#shared/auth';
import { Permanent } from '#shared/errors';
import { type CommandDefinition, defineFunction, secret } from '#shared/function';
import { type RunningServer, serve } from '#shared/http';
import { createCommandLedger } from '#shared/ledger';
import { createLog, createMetrics, untold } from '#shared/telemetry';
import type { TopologyFunction } from '#shared/topology';
import {
  createLedgerFixture,
  type LedgerFixture,
  on,
  testTopology,
} from '../../../../test/ledger-fixture.ts';
import { createReceiver } from '../../receiver.ts';
import type { Commands } from '../commands.ts';
import { createHttpCommands } from '../http-commands.ts';
import { createLocalCommands } from '../local-commands.ts';

export const SECRET = 'correct-horse-battery-staple';
export const alice: Principal = { sub: 'alice', account: 'acc-alice', roles: [], expiresAt: new Date(4e12) };
export const bob: Principal = { ...alice, sub: 'bob', account: 'acc-bob' };

const placed = { type: 'pipeline.video.placed' as const, data: { products: [] } };

/** What the handlers look at; `hold` is waited for, each failure thrown once. */
export const stage = { calls: 0, hold: Promise.resolve() as Promise<unknown>, failures: [] as Error[] };

const follow = defineFunction({
  name: 'follow-user',
  summary: 'Follows somebody.',
  command: {
    type: 'user.follow',
    data: z.strictObject({ user: z.string().min(1).max(100) }),
    reply: z.object({ followers: z.int() }),
  },
  needs: [],
  async handle({ principal, data }) {
    stage.calls += 1;
    await stage.hold;
    const failure = stage.failures.shift();
    if (failure !== undefined) throw failure;
    return {
      write: async (tx) => {
        await tx.query('insert into follow (who, whom) values ($1, $2)', [principal.sub, data.user]);
        if (data.user === 'nobody') throw new Permanent('user-unknown', 'There is no user "nobody".');
        const [row] = await tx.query<{ n: number }>('select count(*)::int as n from follow where whom = $1', [
          data.user,
        ]);
        return { events: [placed], reply: { followers: row?.n ?? 0 } };
      },
    };
  },
});

const signIn = defineFunction({
  name: 'sign-in',
  summary: 'Answers a token for a password.',
  command: {
    type: 'session.open',
    data: z.strictObject({ email: z.string(), login: z.object({ password: secret(z.string()) }).optional() }),
    reply: z.object({ user: z.string(), token: secret(z.string()) }),
  },
  needs: [],
  async handle({ data }) {
    stage.calls += 1;
    if (data.email === 'broken@b.c') throw new Error(`cannot parse ${data.login?.password}`);
    return { reply: { user: data.email, token: `token-of-${SECRET}` } };
  },
});

const slow = defineFunction({
  name: 'slow-command',
  summary: 'Never ends and does not listen.',
  command: { type: 'test.slow', data: z.strictObject({}), reply: z.object({}) },
  needs: [],
  async handle() {
    await new Promise(() => undefined);
    return {};
  },
});

/** What a test finds in the ledger. */
export const NOTHING = { follows: 0, runs: 0, events: 0, done: 0, due: 0, answers: 0 };
/** After one `user.follow` with a key. */
export const ONCE = { follows: 1, runs: 1, events: 2, done: 1, due: 1, answers: 1 };

export interface CommandStage {
  readonly fixture: LedgerFixture;
  readonly server: RunningServer;
  readonly inProcess: Commands;
  readonly http: Commands;
  /** Lines of its log. */
  readonly logged: readonly string[];
  /** Another host of `user.follow`, with a memory of its own of what is under way. */
  otherHost(): Commands;
  traces(): Promise<Record<string, number> | undefined>;
  /** Empties the ledger and the stage. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openCommandStage(): Promise<CommandStage> {
  const topology = testTopology({ hear: [on('pipeline.video.placed')] });
  const fixture = await createLedgerFixture(topology);
  await fixture.rows('create table follow (who text, whom text)');
  const logged: string[] = [];
  const log = createLog({
    service: 'test',
    destination: { write: (line: string) => void logged.push(line) },
  });
  const host = (commands: Parameters<typeof createLocalCommands>[0]['commands']): Commands =>
    createLocalCommands({
      commands,
      ledger: createCommandLedger({
        pool: fixture.pool,
        source: topology.source,
        wake: (lanes) => void fixture.woken.push(...lanes),
      }),
      ports: {},
      clock: { now: () => new Date() },
      random: { next: () => 0 },
      log,
      tracing: untold,
    });
  const inProcess = host([hosted(follow), hosted(signIn), hosted(slow, 200)]);
  const receiver = createReceiver({
    host: { take: async () => 'not-due' },
    metrics: createMetrics({ service: 'test' }),
    health: async () => undefined,
    auth: {
      async verify(token) {
        if (token === 'alice') return alice;
        if (token === 'bob') return bob;
        throw new Permanent('token-invalid', 'The token is refused.');
      },
    },
    commands: inProcess,
  });
  const server = await serve(receiver, { port: 0, hostname: '127.0.0.1' });
  return {
    fixture,
    server,
    inProcess,
    http: createHttpCommands({
      urlOf: (type) => (type === 'user.nobody' ? undefined : server.url),
      source: 'urn:test:ingress',
      timeoutMs: 10_000,
    }),
    logged,
    otherHost: () => host([hosted(follow)]),
    async traces() {
      const [row] = await fixture.rows<Record<string, number>>(
        `select (select count(*)::int from follow) as follows, (select count(*)::int from ledger.run) as runs,
           (select count(*)::int from ledger.event) as events,
           (select count(*)::int from ledger.delivery where state = 'done') as done,
           (select count(*)::int from ledger.delivery where state = 'due') as due,
           (select count(*)::int from ledger.answer) as answers`,
      );
      return row;
    },
    async clear() {
      stage.calls = 0;
      stage.hold = Promise.resolve();
      stage.failures = [];
      await fixture.rows('truncate follow, ledger.run, ledger.event, ledger.delivery, ledger.answer');
    },
    async close() {
      await server.close({ graceMs: 0 });
      await fixture.close();
    },
  };
}

function hosted(definition: unknown, timeoutMs = 20_000) {
  const known = definition as CommandDefinition;
  const topology: TopologyFunction = {
    ...{ name: known.name, area: 'social', profile: 'light', triggers: [], command: known.command.type },
    ...{ emits: ['pipeline.video.placed'], puts: {}, promises: undefined },
  };
  return { definition: known, topology, timeoutMs };
}
