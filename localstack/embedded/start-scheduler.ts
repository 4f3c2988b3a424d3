import { Worker } from 'node:worker_threads';
import { Transient } from '#shared/errors';
import type { Log } from '#shared/telemetry';
import { forwardLine } from './forward-log.ts';
import type { FromScheduler, SchedulerThreadData, ToScheduler } from './scheduler-messages.ts';

/** Longer than the ledger may take for its figures. */
const METRICS_MS = 7_000;

/** The scheduler of a platform on one machine: a thread of it. */
export interface Scheduler {
  /** What it tells of the ledger, in Prometheus' text exposition; empty when it does not answer in time. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the thread. `fail` is told when it ends without being asked. */
export function startScheduler(options: {
  data: SchedulerThreadData;
  log: Log;
  fail: (reason: unknown) => void;
}): Scheduler {
  const { data, log, fail } = options;
  const thread = new Worker(new URL('./scheduler-thread.ts', import.meta.url), { workerData: data });
  const asked = new Map<number, (text: string) => void>();
  let number = 0;
  let isStopping = false;
  const tell = (message: ToScheduler): void => thread.postMessage(message);
  const answerAll = (): void => {
    for (const answer of asked.values()) answer('');
  };
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  thread.on('message', (message: FromScheduler) => {
    if (message.kind === 'log') forwardLine(message.line, log);
    else asked.get(message.number)?.(message.text);
  });
  thread.on('error', fail);
  thread.once('exit', () => {
    answerAll();
    if (!isStopping)
      fail(new Transient('scheduler-ended', 'The scheduler ended unexpectedly; start Millrace again.'));
  });
  return {
    metrics() {
      const mine = ++number;
      const answer = new Promise<string>((resolve) => {
        const timer = setTimeout(resolve, METRICS_MS, '');
        asked.set(mine, (text) => {
          clearTimeout(timer);
          resolve(text);
        });
      });
      tell({ kind: 'metrics', number: mine });
      return answer.finally(() => asked.delete(mine));
    },
    async stop() {
      isStopping = true;
      tell({ kind: 'stop' });
      await ended;
    },
  };
}
