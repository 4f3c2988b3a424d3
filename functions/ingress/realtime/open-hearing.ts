import { type ConnectionDoors, clientAddress, createRateLimit, type HttpMetrics } from '#shared/http';
import type { Metrics } from '#shared/telemetry';
import type { Authenticate } from '../authenticate.ts';
import type { IngressOptions } from '../environment.ts';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { Route } from '../route.ts';
import type { RunWatcher } from '../streams/run-watcher.ts';
import { type AddressOf, createAdmission } from './admission.ts';
import { countConnections } from './count-connections.ts';
import { notificationsRoute } from './notifications-route.ts';
import { openDoors } from './open-doors.ts';
import { startRunProgress } from './run-progress.ts';
import { streamRoute } from './stream-route.ts';
import { ticketRoute } from './ticket-route.ts';

/** For each request that an address may make: a whole office comes again at once when a process went. */
const HANDSHAKES = 5;

/** The three doors through which people hear what happens. */
export interface Hearing {
  readonly routes: readonly Route[];
  readonly doors: ConnectionDoors;
  /** Ends all of it; those who heard connect elsewhere. */
  drain(): void;
}

export function openHearing(
  { realtime: parts, ledger, topology, limits, clock, log, allowedOrigins = [], watchMs }: IngressOptions,
  {
    authenticate,
    reader,
    watcher,
    metrics,
    httpMetrics,
  }: {
    authenticate: Authenticate;
    reader: PipelineReader;
    watcher: RunWatcher;
    metrics: Metrics;
    httpMetrics: HttpMetrics;
  },
): Hearing | undefined {
  if (parts === undefined) return undefined;
  const { realtime, tickets, moving } = parts;
  countConnections({ realtime, metrics, httpMetrics });
  const handshakes = createRateLimit({ perMinute: limits.ratePerMinute * HANDSHAKES });
  const admission = createAdmission({ authenticate, tickets, realtime, allowedOrigins, handshakes });
  const addressOf: AddressOf = ({ socket, headers }) =>
    clientAddress({
      socketAddress: socket.remoteAddress,
      forwardedFor: String(headers['x-forwarded-for'] ?? '') || undefined,
      trustedProxies: Number(limits.trustProxy),
    });
  const doors = openDoors({ admission, addressOf, realtime, clock, log, allowedOrigins });
  const progress = startRunProgress({
    ...{ realtime, moving, ledger, reader, watcher, log, lookMs: watchMs && 2 * watchMs },
    flows: Object.keys(topology.flows),
  });
  return {
    routes: [streamRoute({ admission, realtime }), ticketRoute({ tickets }), notificationsRoute()],
    doors,
    drain() {
      progress.stop();
      realtime.drain();
      doors.drain();
    },
  };
}
