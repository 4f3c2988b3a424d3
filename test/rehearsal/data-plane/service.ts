import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import { forwardRequest } from './forward-request.ts';
import { listen } from './http-server.ts';
import { type Pod, startPod } from './pod.ts';
import type { Command } from './process.ts';

/** What a manifest says of a Knative Service. */
export interface ServiceSpec {
  readonly name: string;
  readonly command: Command;
  readonly containerConcurrency: number;
  readonly timeoutMs: number;
  readonly responseStartTimeoutMs: number;
  readonly minScale: number;
  readonly maxScale: number;
  /** How long the last pod stays when nothing comes any more, ms. */
  readonly podRetentionMs: number;
}

export interface Service {
  /** Where it answers within the cluster. */
  readonly url: string;
  /** Those that run. */
  readonly pods: readonly Pod[];
  /** Pods started so far. */
  readonly started: number;
  /** Replaces every pod: new ones are ready before the old ones are told to end. */
  roll(): Promise<void>;
  close(): Promise<void>;
}

/** Figures of Knative's autoscaler: how often it looks, over how long, and how full a pod may be. */
const LOOK_MS = 2_000;
const WINDOW_MS = 60_000;
const UTILISATION = 0.7;
/** What stands for no limit of concurrency when pods are counted. */
const SOFT_TARGET = 100;

/**
 * A Knative Service: an address that holds requests until a pod is there (activator), and as many pods as the requests
 * of the last minute needed (autoscaler).
 */
export async function startService(options: {
  spec: ServiceSpec;
  clock: Clock;
  environment: () => Readonly<Record<string, string>>;
}): Promise<Service> {
  const { spec, clock, environment } = options;
  const { containerConcurrency: slots, minScale, maxScale, podRetentionMs } = spec;
  /** Those that run, with the requests that each was given. */
  const pods = new Map<Pod, number>();
  const retired = new Set<Pod>();
  const samples: { at: number; wanted: number }[] = [];
  const closed = new AbortController();
  let inside = 0;
  let started = 0;
  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };

  /** Those of the present revision that are not on their way out. */
  const standing = (): Pod[] =>
    [...pods.keys()].filter(
      (pod) => (pod.state === 'starting' || pod.state === 'ready') && !retired.has(pod),
    );

  function start(): Pod {
    started += 1;
    const pod = startPod({
      name: `${spec.name}-00001-deployment-${started}`,
      ...{ command: spec.command, environment: environment(), clock, proxy: spec },
    });
    pods.set(pod, 0);
    void pod.started.then(change);
    void pod.ended.then(() => {
      pods.delete(pod);
      retired.delete(pod);
      change();
      // The kubelet starts it again.
      if (!closed.signal.aborted) scale();
    });
    return pod;
  }

  /** Pods that so many requests at once need. */
  const wantedNow = (): number =>
    Math.min(maxScale, Math.max(minScale, Math.ceil(inside / ((slots || SOFT_TARGET) * UTILISATION))));

  function sample(): number {
    const wanted = wantedNow();
    samples.push({ at: clock.now(), wanted });
    return wanted;
  }

  function scale(): void {
    const now = clock.now();
    const wanted = sample();
    while ((samples[0]?.at ?? now) < now - Math.max(WINDOW_MS, podRetentionMs)) samples.shift();
    for (let missing = wanted - standing().length; missing > 0; missing -= 1) start();
    const most = Math.max(...samples.filter(({ at }) => at >= now - WINDOW_MS).map((each) => each.wanted));
    // The last one stays as long as it is told to.
    const isLongIdle = samples.every((each) => each.wanted === 0);
    const keep = most === 0 && !isLongIdle ? 1 : most;
    const idlest = standing().sort((a, b) => a.load - b.load);
    for (const pod of idlest.slice(0, Math.max(0, standing().length - keep))) void pod.terminate();
  }

  /** Takes a slot of the pod with the fewest requests. */
  async function freePod(response: ServerResponse): Promise<Pod | undefined> {
    while (!closed.signal.aborted && !response.destroyed) {
      const [best] = [...pods]
        .filter(([pod, given]) => pod.isListed && (slots === 0 || given < slots))
        .sort(([, a], [, b]) => a - b);
      if (best !== undefined) {
        give(best[0], 1);
        return best[0];
      }
      await Promise.race([changed.promise, clock.sleep(LOOK_MS, closed.signal)]);
    }
    return undefined;
  }

  function give(pod: Pod, more: 1 | -1): void {
    const given = pods.get(pod);
    if (given !== undefined) pods.set(pod, given + more);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    inside += 1;
    if (standing().length < sample()) scale();
    try {
      const pod = await freePod(response);
      if (pod?.port === undefined) return void response.writeHead(503).end();
      await forwardRequest(request, response, pod.port).ended;
      give(pod, -1);
    } finally {
      inside -= 1;
      change();
    }
  }

  const server = await listen((request, response) => void serve(request, response));
  scale();
  void (async () => {
    for (; !closed.signal.aborted; scale()) await clock.sleep(LOOK_MS, closed.signal);
  })();
  return {
    url: server.url,
    get pods() {
      return [...pods.keys()];
    },
    get started() {
      return started;
    },
    async roll() {
      const old = standing();
      for (const pod of old) retired.add(pod);
      scale();
      await Promise.all(standing().map((pod) => pod.started));
      await Promise.all(old.map((pod) => pod.terminate()));
    },
    async close() {
      closed.abort();
      await server.kill();
      for (const each of pods.keys()) each.signal('SIGKILL');
      await Promise.all([...pods.keys()].map(({ ended }) => ended));
    },
  };
}
