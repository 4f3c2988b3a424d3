import type { Clock } from './clock.ts';
import { type Command, type Container, startContainer } from './process.ts';
import { type QueueProxy, type QueueProxyOptions, startQueueProxy } from './queue-proxy.ts';

/** A process of a Service and the queue-proxy before it. */
export interface Pod {
  readonly container: Container;
  readonly state: 'starting' | 'ready' | 'terminating' | 'gone';
  /** Of the queue-proxy; undefined until it is ready. */
  readonly port: number | undefined;
  readonly load: number;
  /** Requests are sent to it: also for a while after it was told to end, until every gateway has heard of that. */
  readonly isListed: boolean;
  /** Resolves once requests may be sent to it, or it is gone. */
  readonly started: Promise<void>;
  readonly ended: Promise<number>;
  /**
   * Deletes it: queue-proxy serves on until 30 s have passed without a request, only then the process gets SIGTERM;
   * SIGKILL when as much time as a request may take has passed since the beginning.
   */
  terminate(): Promise<void>;
  /** SIGTERM to the process itself, past the queue-proxy: its node goes, or somebody means it. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** What gateways take to hear of it. */
const UNLISTED_MS = 1_000;

export function startPod(options: {
  name: string;
  command: Command;
  environment: Readonly<Record<string, string>>;
  clock: Clock;
  proxy: Omit<QueueProxyOptions, 'backend' | 'clock'>;
}): Pod {
  const { name, command, environment, clock, proxy } = options;
  const container = startContainer(command, { ...environment, PORT: '0' }, name);
  let state: Pod['state'] = 'starting';
  let isListed = false;
  let queue: QueueProxy | undefined;
  const ended = container.ended.then(async (code) => {
    state = 'gone';
    isListed = false;
    await queue?.kill();
    return code;
  });
  const started = container.ready
    .then(async (backend) => {
      const mine = await startQueueProxy({ ...proxy, backend, clock });
      // It may have died meanwhile.
      if (state === 'gone') return mine.kill();
      queue = mine;
      if (state !== 'starting') return;
      state = 'ready';
      isListed = true;
    })
    .catch(() => undefined);
  return {
    container,
    started,
    ended,
    get state() {
      return state;
    },
    get port() {
      return queue?.port;
    },
    get isListed() {
      return isListed;
    },
    get load() {
      return queue?.load ?? 0;
    },
    async terminate() {
      if (state === 'gone' || state === 'terminating') return;
      state = 'terminating';
      const over = new AbortController();
      void clock.sleep(proxy.timeoutMs, over.signal).then(() => {
        if (!over.signal.aborted) container.signal('SIGKILL');
      });
      void clock.sleep(UNLISTED_MS, over.signal).then(() => {
        isListed = false;
      });
      await Promise.race([queue?.drain(), ended]);
      container.signal('SIGTERM');
      await ended;
      over.abort();
    },
    signal: container.signal,
  };
}
