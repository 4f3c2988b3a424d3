import { connect } from '#shared/database';
import { openQueues } from '#shared/queue';
import { createLog } from '#shared/telemetry';
import { createPostgresTransport, createSqsTransport, type Transport } from '#shared/transport';
import { numbersFrom } from '../../seed.ts';
import type { FromRole, RoleSettings } from './messages.ts';

/** What every process of the platform under test has. */
export interface Surroundings {
  readonly settings: RoleSettings;
  readonly pool: ReturnType<typeof connect>;
  readonly transport: Transport;
  readonly wake: (lanes: readonly string[]) => void;
  readonly log: ReturnType<typeof createLog>;
}

export function surroundings(settings: RoleSettings): Surroundings {
  const log = createLog({ service: settings.role, level: 'error' });
  const pool = connect({ url: settings.databaseUrl, max: 10, applicationName: `faults ${settings.role}` });
  const { dropWakeUps, place } = settings;
  const transport =
    place === undefined
      ? createPostgresTransport({ pool, url: settings.databaseUrl, log })
      : createSqsTransport({ ...place.queues, queues: openQueues(place.queues.connection), log });
  const numbers = numbersFrom(dropWakeUps?.seed ?? '');
  const wake = (lanes: readonly string[]): void => {
    if (dropWakeUps === undefined || numbers.next().value / 2 ** 32 >= dropWakeUps.share)
      transport.send(lanes);
  };
  return { settings, pool, transport, wake, log };
}

export function tell(message: FromRole): void {
  process.send?.(message);
}
