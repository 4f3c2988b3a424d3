import { loadConfig } from '#shared/config';
import { nearestWord, Permanent } from '#shared/errors';
import { createLog } from '#shared/telemetry';
import { type RoleName, roleNames } from './role-names.ts';
import type { StartRole } from './running-role.ts';

const roles = {
  ingress: async () => (await import('./roles/ingress.ts')).startIngress,
  // The same application: requests and streams are kept apart by what stands before them.
  streams: async () => (await import('./roles/ingress.ts')).startIngress,
  scheduler: async () => (await import('./roles/scheduler.ts')).startScheduler,
  adapter: async () => (await import('./roles/adapter.ts')).startAdapter,
  // On OpenFaaS.
  dispatcher: async () => (await import('./roles/dispatcher.ts')).startDispatcher,
  migrate: async () => (await import('./roles/migrate.ts')).startMigration,
} satisfies Record<RoleName, () => Promise<StartRole>>;

/**
 * Runs a part of the platform until SIGTERM or SIGINT, which drain it; a second signal ends it at once. `migrate` ends by
 * itself.
 *
 * @throws Permanent `role-unknown`, `config-invalid`, and whatever the part refuses
 */
export async function runRole(name: string | undefined): Promise<void> {
  const role = roleNames.find((known) => known === name);
  if (role === undefined) throw unknown(name);
  const config = loadConfig();
  const log = createLog({ service: role, level: config.logLevel });
  const { promise: told, resolve } = Promise.withResolvers<void>();
  let signals = 0;
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    resolve();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const start = await roles[role]();
  const { port, stop } = await start({ config, log });
  if (port !== undefined) {
    log.info({ role, port }, 'ready');
    await told;
    log.info({ role }, 'stopping');
  }
  await stop();
}

function unknown(name: string | undefined): Permanent {
  const near = name === undefined ? undefined : nearestWord(name, roleNames);
  return new Permanent(
    'role-unknown',
    `${name === undefined ? 'No part of the platform was named' : `There is no part "${name.slice(0, 80)}" of the platform`}${
      near === undefined ? '' : `; did you mean "${near}"?`
    } (${roleNames.join(', ')}).`,
  );
}
