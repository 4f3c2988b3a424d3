import { Permanent } from '#shared/errors';
import { lineIn, type SessionBudget } from '#shared/topology';
import { platform } from '../installation.ts';

/** Of a rolling update: the new pod is there before the old one goes. */
const SURGE = 1;

/** Most sessions of the platform's own processes: pods × sessions, with one pod more while it is updated. */
export function platformSessions(): number {
  const { ingress, streams, scheduler, adapter, migration } = platform;
  return (
    (ingress.max + SURGE) * ingress.sessions +
    (streams.max + SURGE) * streams.sessions +
    (scheduler.replicas + SURGE) * scheduler.sessions +
    (adapter.replicas + SURGE) * adapter.sessions +
    migration.sessions
  );
}

/** Of these, the ones that Postgres itself holds: whoever listens, and migrations, go past the pooler. */
export function directSessions(): number {
  const { ingress, streams, migration } = platform;
  return (
    (ingress.max + SURGE) * ingress.listening + (streams.max + SURGE) * streams.listening + migration.sessions
  );
}

/** @throws Permanent `platform-sessions`, when events.yaml leaves fewer to the platform than it needs */
export function checkPlatformSessions(budget: SessionBudget, page: string): void {
  const needed = platformSessions();
  if (needed <= budget.platform) return;
  throw new Permanent(
    'platform-sessions',
    `events.yaml:${lineIn(page, ['database', 'platform'])}: database.platform: ${budget.platform} is below ${needed}, which ingress, streams, scheduler, adapter ` +
      'and migrations may hold (knative/installation.ts); raise it, or lower their pods.',
  );
}
