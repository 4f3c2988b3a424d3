import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIncoming } from '#shared/http';
import type { Clock } from './clock.ts';
import { type CloudEvent, readEvent, structuredBytes } from './cloud-event.ts';
import { listen } from './http-server.ts';
import { type Command, type Container, startContainer } from './process.ts';

/** What a manifest says of a JobSink. */
export interface JobSinkSpec {
  readonly name: string;
  readonly command: Command;
  readonly activeDeadlineMs: number | undefined;
  /** How long a finished Job stays; undefined: for ever. */
  readonly ttlMs: number | undefined;
}

export interface Job {
  readonly name: string;
  /** `waiting`: its Pod cannot start, because the event does not fit into a Secret. */
  readonly state: 'waiting' | 'running' | 'succeeded' | 'failed';
  /** Once it runs. */
  readonly container: Container | undefined;
  /** Its exit code; never where it waits. */
  readonly ended: Promise<number>;
}

export interface JobSink {
  readonly url: string;
  /** Those that the API server knows: not the ones whose time to live is over. */
  readonly jobs: readonly Job[];
  /** Jobs created so far. */
  readonly created: number;
  /** Deletes the JobSink: it answers no more, its Jobs run on. */
  remove(): Promise<void>;
  /** Kills what runs. */
  close(): Promise<void>;
}

/** A pod of a Job, as the API server knows it when it has ended. */
export interface EndedPod {
  readonly name: string;
  readonly job: string;
  readonly sink: string;
  readonly exitCode: number;
}

/** A Secret holds no more. */
const SECRET_BYTES = 1024 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;
const GRACE_MS = 30_000;

/** No separator between source and id: two events can share a name, of which only one starts a Job. */
export function jobName(sink: string, { attributes }: CloudEvent): string {
  const { source = '', id = '' } = attributes;
  return `${sink}${createHash('md5').update(`${source}${id}`).digest('hex')}`;
}

/** Starts one process for each event, and none for an event of which a Job is still there. */
export async function startJobSink(options: {
  spec: JobSinkSpec;
  clock: Clock;
  environment: () => Readonly<Record<string, string>>;
  /** Waits for a free place in the cluster; answers what gives it back. Default: there is always one. */
  place?: () => Promise<() => void>;
  /** Told of every pod that has ended. */
  onPodEnd?: (pod: EndedPod) => void;
}): Promise<JobSink> {
  const {
    spec,
    clock,
    environment,
    place = async () => () => undefined,
    onPodEnd = () => undefined,
  } = options;
  const jobs = new Map<string, Job & { state: Job['state'] }>();
  const closed = new AbortController();
  let created = 0;

  function create(name: string, event: CloudEvent): void {
    created += 1;
    const bytes = structuredBytes(event);
    if (bytes.length > SECRET_BYTES) {
      jobs.set(name, { name, state: 'waiting', container: undefined, ended: new Promise(() => undefined) });
      return;
    }
    const { promise: ended, resolve } = Promise.withResolvers<number>();
    const job: { -readonly [Key in keyof Job]: Job[Key] } = {
      ...{ name, state: 'running' as const, container: undefined, ended },
    };
    jobs.set(name, job);
    void (async () => {
      const leave = await place();
      const code = closed.signal.aborted
        ? 137
        : await run(name, bytes, (container) => (job.container = container));
      leave();
      job.state = code === 0 ? 'succeeded' : 'failed';
      if (job.container !== undefined)
        onPodEnd({ job: name, name: job.container.name, sink: spec.name, exitCode: code });
      resolve(code);
      if (spec.ttlMs === undefined) return;
      await clock.sleep(spec.ttlMs, closed.signal);
      if (!closed.signal.aborted) jobs.delete(name);
    })();
  }

  /** `backoffLimit: 0`: once. */
  async function run(job: string, event: Buffer, onStart: (container: Container) => void): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'jobsink-event-'));
    try {
      await writeFile(join(folder, 'event'), event);
      const container = startContainer(
        spec.command,
        { ...environment(), ...{ K_EXECUTION_MODE: 'batch', K_EVENT_PATH: folder } },
        `${job}-${randomBytes(3).toString('hex')}`,
      );
      onStart(container);
      const over = new AbortController();
      closed.signal.addEventListener('abort', () => container.signal('SIGKILL'), { once: true });
      void limit(container, over.signal);
      return await container.ended.finally(() => over.abort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function limit(container: Container, over: AbortSignal): Promise<void> {
    if (spec.activeDeadlineMs === undefined) return;
    await clock.sleep(spec.activeDeadlineMs, over);
    if (over.aborted) return;
    container.signal('SIGTERM');
    await clock.sleep(GRACE_MS, over);
    if (!over.aborted) container.signal('SIGKILL');
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readIncoming(request, { maxBytes: MAX_BYTES, timeoutMs: 10_000 });
    const event = request.method === 'POST' ? readEvent(request.headers, Buffer.from(body)) : undefined;
    if (event === undefined) return void response.writeHead(400).end();
    const name = jobName(spec.name, event);
    if (!jobs.has(name)) create(name, event);
    response.writeHead(202).end();
  }

  const server = await listen((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  return {
    url: server.url,
    get jobs() {
      return [...jobs.values()];
    },
    get created() {
      return created;
    },
    remove: server.kill,
    async close() {
      closed.abort();
      await server.kill();
      await Promise.all(
        [...jobs.values()].filter(({ state }) => state === 'running').map((job) => job.ended),
      );
    },
  };
}
