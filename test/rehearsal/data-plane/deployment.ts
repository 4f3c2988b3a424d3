import type { Clock } from './clock.ts';
import { forwardRequest } from './forward-request.ts';
import { listen } from './http-server.ts';
import { type Command, type Container, startContainer } from './process.ts';

/** Replicas of one process, each started again when it ends, behind the address of a plain Service. */
export interface Deployment {
  readonly name: string;
  readonly url: string;
  /** Those that run. */
  readonly replicas: readonly Container[];
  /** Resolves once every replica has said that it is ready. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Until the kubelet starts a container again. */
const RESTART_MS = 1_000;

export async function startDeployment(options: {
  name: string;
  command: Command;
  count: number;
  clock: Clock;
  environment: () => Readonly<Record<string, string>>;
}): Promise<Deployment> {
  const { name, command, count, clock, environment } = options;
  const closed = new AbortController();
  const replicas = new Map<Container, number | undefined>();
  let turn = 0;
  let started = 0;

  function start(): Promise<unknown> {
    started += 1;
    const container = startContainer(command, { ...environment(), PORT: '0' }, `${name}-${started}`);
    replicas.set(container, undefined);
    void container.ended.then(async () => {
      replicas.delete(container);
      await clock.sleep(RESTART_MS, closed.signal);
      if (!closed.signal.aborted) start().catch(() => undefined);
    });
    return container.ready.then((port) => replicas.has(container) && replicas.set(container, port));
  }

  const ready = Promise.all(Array.from({ length: count }, start)).then(() => undefined);
  ready.catch(() => undefined);
  const server = await listen((request, response) => {
    const ports = [...replicas.values()].filter((port) => port !== undefined);
    turn += 1;
    const port = ports[turn % ports.length];
    // Nobody listens behind the address.
    if (port === undefined) request.socket.destroy();
    else forwardRequest(request, response, port);
  });
  return {
    name,
    ready,
    url: server.url,
    get replicas() {
      return [...replicas.keys()];
    },
    async close() {
      closed.abort();
      await server.kill();
      const left = [...replicas.keys()];
      for (const container of left) container.signal('SIGKILL');
      await Promise.all(left.map(({ ended }) => ended));
    },
  };
}
