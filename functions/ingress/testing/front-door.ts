import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuth, createUrlSigner } from '#shared/auth';
import { type ArtifactRef, exampleArtifact } from '#shared/events';
import { type RunningServer, serve } from '#shared/http';
import { createInbox, type Inbox } from '#shared/inbox';
import {
  type Claim,
  createLedgerRetention,
  createOperations,
  type NewEvent,
  tracedLedger,
} from '#shared/ledger';
import { createOutbound } from '#shared/outbound';
import { createPushKey } from '#shared/push';
import { createMovingRuns, createRealtime, createTickets } from '#shared/realtime';
import { createFliteSpeech } from '#shared/speech';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { createLog, untold } from '#shared/telemetry';
import { readTopology } from '#shared/topology';
import { openCommands } from '../../../platform/open-commands.ts';
import { createLedgerFixture, type LedgerFixture } from '../../../test/ledger-fixture.ts';
import { createIngress, type Ingress, type IngressOptions } from '../index.ts';

/** The front door on a real ledger, a real store and a real port. */
export interface FrontDoor {
  readonly url: string;
  readonly port: number;
  readonly ingress: Ingress;
  readonly server: RunningServer;
  readonly fixture: LedgerFixture;
  readonly artifacts: ObjectStore;
  readonly options: IngressOptions;
  readonly inbox: Inbox;
  /** The inbox's own folder. */
  readonly inboxFolder: string;
  /** Lines of the log. */
  readonly lines: string[];
  token(owner: string, more?: { roles?: string[]; ttlSeconds?: number }): Promise<string>;
  /** A request with the token of `as`, or with none. */
  ask(path: string, request?: AskRequest): Promise<Response>;
  /** Opens a pipeline; answers its id. */
  start(as: string, body?: object): Promise<string>;
  /** Does one due delivery of a function as a worker would. */
  work(fn: string, outcome?: WorkOutcome): Promise<Claim>;
  /** Stores bytes where a handler's `put` would. */
  put(claim: Claim, name: string, bytes: Uint8Array | string, type: string): Promise<ArtifactRef>;
  close(): Promise<void>;
}

export interface AskRequest {
  readonly as?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON. */
  readonly body?: object | string;
  readonly signal?: AbortSignal;
}

export interface WorkOutcome {
  readonly events?: readonly NewEvent[];
  readonly promises?: { name: string; keys: string[] };
  readonly files?: Readonly<Record<string, { bytes: Uint8Array | string; type: string }>>;
  /** Fails for good in place of committing. */
  readonly failure?: { code: string; message: string };
}

/** @param inboxStore the inbox's bucket, in place of a folder */
export async function openFrontDoor(
  changes: Partial<IngressOptions> = {},
  inboxStore?: ObjectStore,
): Promise<FrontDoor> {
  const topology = readTopology({ path: join(import.meta.dirname, '../../../events.yaml') });
  const fixture = await createLedgerFixture(topology);
  const folder = await mkdtemp(join(tmpdir(), 'millrace ingress '));
  const artifacts = await createFilesystemStore({ root: join(folder, 'artifacts') });
  const clock = { now: () => new Date() };
  const keysFolder = join(folder, 'keys');
  const auth = createAuth({ keysFolder, clock });
  const lines: string[] = [];
  const log = createLog({ service: 'ingress', destination: { write: (line) => void lines.push(line) } });
  const inboxFolder = join(folder, 'inbox');
  const { ledger, pool } = fixture;
  const inbox = await createInbox({
    ...(inboxStore === undefined ? { root: inboxFolder } : { store: inboxStore }),
    topology,
    artifacts,
    ledger,
    pool,
    account: 'me',
    log,
    clock,
  });
  const retention = createLedgerRetention({ pool });
  const operations = createOperations({ pool, source: topology.source, wake: () => undefined });
  const realtime = createRealtime({ pool, url: fixture.url, log, clock });
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  const options: IngressOptions = {
    operations,
    erase: (request) => retention.requestErasure(request),
    people: openCommands({ pool, topology, wake: () => undefined, clock, log, tracing: untold, outbound }),
    realtime: { realtime, tickets: createTickets({ pool }), moving: createMovingRuns({ pool }) },
    speech: createFliteSpeech(),
    inbox,
    ledger: tracedLedger({ ledger, tracing: changes.tracing ?? untold }),
    topology,
    artifacts,
    auth,
    signer: createUrlSigner({ keysFolder, clock }),
    pushKey: createPushKey({ keysFolder, clock }),
    limits: { ratePerMinute: 0, trustProxy: false },
    log,
    clock,
    version: '0.0.0-test',
    ...changes,
  };
  const ingress = createIngress(options);
  const server = await serve(ingress, { port: 0, hostname: '127.0.0.1', log: options.log });
  const tokens = new Map<string, Promise<string>>();
  const hosts = new Map<string, Promise<string>>();

  const token: FrontDoor['token'] = (owner, { roles = [], ttlSeconds = 3600 } = {}) =>
    options.auth.issue({ sub: owner, account: owner, roles, ttlSeconds });

  async function ask(
    path: string,
    { as, method, headers, body, signal }: AskRequest = {},
  ): Promise<Response> {
    const all = new Headers(headers);
    if (as !== undefined) {
      if (!tokens.has(as)) tokens.set(as, token(as));
      all.set('authorization', `Bearer ${await tokens.get(as)}`);
    }
    if (typeof body === 'object' && !all.has('content-type')) all.set('content-type', 'application/json');
    return await fetch(new URL(path, server.url), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: all,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'object' ? JSON.stringify(body) : body }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async function claim(fn: string): Promise<Claim> {
    const lane = topology.functions.find(({ name }) => name === fn)?.profile ?? '';
    if (!hosts.has(lane)) hosts.set(lane, fixture.host({ lane }));
    return await fixture.claimOne((await hosts.get(lane)) ?? '', { functions: [fn], lane });
  }

  async function put(claimed: Claim, name: string, bytes: Uint8Array | string, type: string) {
    const key = `runs/${claimed.run}/${claimed.id}/${claimed.fence}-test/${name}`;
    const stored = await artifacts.put(key, Buffer.from(bytes), { type });
    return { ...exampleArtifact(name, type), key, bytes: stored.bytes, sha256: stored.sha256 };
  }

  return {
    url: server.url,
    port: server.port,
    ingress,
    server,
    fixture,
    artifacts,
    options,
    inbox,
    inboxFolder,
    lines,
    token,
    ask,
    put,
    async start(as, body = { topic: 'Why octopuses have three hearts' }) {
      const answer = await ask('/api/pipelines', { as, body });
      if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { id: string }).id;
    },
    async work(fn, { events = [], promises, files = {}, failure } = {}) {
      const claimed = await claim(fn);
      if (failure !== undefined) {
        await fixture.work.fail({ claim: claimed, failure: { kind: 'permanent', ...failure }, delayMs: 0 });
        return claimed;
      }
      const made: ArtifactRef[] = [];
      for (const [name, { bytes, type }] of Object.entries(files))
        made.push(await put(claimed, name, bytes, type));
      await fixture.work.commit({ claim: claimed, events, artifacts: made, promises, usage: {} });
      return claimed;
    },
    async close() {
      await server.close({ graceMs: 1_000 });
      await realtime.close();
      await inbox.stop();
      await fixture.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  readonly errors?: readonly { field: string; message: string; limit?: unknown }[];
}

/** The problem document of a refusal; fails where the answer is none. */
export async function problemIn(answer: Response): Promise<ProblemBody> {
  const type = answer.headers.get('content-type');
  if (type !== 'application/problem+json') throw new Error(`${answer.status} ${type} ${await answer.text()}`);
  return (await answer.json()) as ProblemBody;
}
