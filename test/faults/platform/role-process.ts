/** One process of the platform under test: a worker, the scheduler or the ingress, on the code of the product. */
import { beIngress } from './ingress.ts';
import type { ToRole } from './messages.ts';
import { beScheduler } from './scheduler.ts';
import { type Surroundings, surroundings } from './surroundings.ts';
import { beWorker } from './worker.ts';

let ending: Promise<() => Promise<void>> | undefined;

async function end(around: Surroundings): Promise<void> {
  await (await ending)?.();
  await around.transport.close();
  await around.pool.end();
  process.exit(0);
}

process.on('message', (message: ToRole) => {
  if (message.kind !== 'settings') return;
  const around = surroundings(message.settings);
  const be = { worker: beWorker, scheduler: beScheduler, ingress: beIngress }[message.settings.role];
  ending = be(around);
  ending.catch((error: unknown) => {
    around.log.error({ err: error }, 'cannot start');
    process.exit(1);
  });
  process.on('message', (later: ToRole) => {
    if (later.kind === 'drain') void end(around);
  });
  process.on('SIGTERM', () => void end(around));
});
process.on('disconnect', () => process.exit(0));
