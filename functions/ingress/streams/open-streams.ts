import { type EventStream, type HttpMetrics, HttpProblem } from '#shared/http';

/** All streams that this process has open, so that they can be counted and ended together. */
export interface OpenStreams {
  /** @throws HttpProblem 429 `too-many-streams`, 503 `draining` */
  admit(account: string): void;
  add(account: string, stream: EventStream): void;
  /** Ends them all; new ones are refused. */
  drain(): void;
  readonly draining: boolean;
}

const PER_ACCOUNT = 50;
const PER_PROCESS = 2_000;

export function createOpenStreams(metrics: HttpMetrics): OpenStreams {
  const open = new Map<EventStream, string>();
  let draining = false;
  return {
    get draining() {
      return draining;
    },
    admit(account) {
      if (draining) throw refused(503, 'draining', 'This process is shutting down; connect again.', '2');
      const own = [...open.values()].filter((owner) => owner === account).length;
      if (own >= PER_ACCOUNT || open.size >= PER_PROCESS) {
        throw refused(
          429,
          'too-many-streams',
          `At most ${PER_ACCOUNT} streams may be open at a time; close one.`,
          '10',
        );
      }
    },
    add(account, stream) {
      open.set(stream, account);
      metrics.streamOpened();
      void stream.ended.then(() => {
        open.delete(stream);
        metrics.streamClosed();
      });
    },
    drain() {
      draining = true;
      for (const stream of open.keys()) stream.end('shutting-down');
    },
  };
}

function refused(status: number, code: string, detail: string, retryAfter: string): HttpProblem {
  return new HttpProblem({ status, code, detail, headers: { 'Retry-After': retryAfter } });
}
