import type { Principal } from '#shared/auth';
import { artifactRef, eventCatalogue, isEventType } from '#shared/events';
import { fieldErrors, HttpProblem } from '#shared/http';
import { type Ledger, runIdFor } from '#shared/ledger';
import { producedBy, type Topology } from '#shared/topology';
import type { IncomingEvent } from './cloud-event.ts';

/** All requests with the same source and id are one: their data is not compared. */
const SAME = 'cloudevent';

/** Takes a whole event of an authenticated caller into the ledger, as the beginning of a run. */
export type Admit = (request: {
  event: IncomingEvent;
  caller: Principal;
  traceparent: string | undefined;
}) => Promise<void>;

/**
 * Only types that no function emits come in from outside, unless an admin sends them: nobody can make up what the
 * platform itself says has happened. Nor may such an event name objects: the key of somebody else's would be read for
 * whoever guesses it (the HTTP interface copies what its caller owns). Source + id is unique for each account.
 *
 * @throws (by what it returns) HttpProblem 400 `event-invalid`, 403 `event-forbidden`, 422 `event-starts-nothing`
 */
export function createAdmission(options: { topology: Topology; ledger: Pick<Ledger, 'publish'> }): Admit {
  const { topology, ledger } = options;
  const flows = Object.entries(topology.flows);
  const ours = new Set<string>([
    ...topology.functions.flatMap(producedBy),
    ...flows.flatMap(([, { completed, failed }]) => [completed, failed]),
  ]);
  return async ({ event, caller, traceparent }) => {
    const { type } = event;
    if (!isEventType(type))
      throw refused(422, 'event-unknown', `There is no event type "${type.slice(0, 100)}".`);
    if (ours.has(type) && !caller.roles.includes('admin'))
      throw refused(403, 'event-forbidden', `"${type}" is said by functions only.`);
    const flow = flows.find(([, { starts }]) => [starts].flat().includes(type))?.[0];
    if (flow === undefined) throw refused(422, 'event-starts-nothing', `No flow starts with "${type}".`);
    const parsed = eventCatalogue[type].data.safeParse(event.data, { reportInput: true });
    if (!parsed.success) {
      const errors = fieldErrors({ issues: parsed.error.issues, within: 'data' });
      throw new HttpProblem({
        status: 400,
        code: 'event-invalid',
        detail: `The data is not that of a "${type}".`,
        errors: errors.slice(0, 2),
      });
    }
    if (namesObject(parsed.data) && !caller.roles.includes('admin'))
      throw refused(
        403,
        'event-forbidden',
        'An event from outside names no objects; use the HTTP interface.',
      );
    await ledger.publish({
      run: {
        id: runIdFor({ owner: caller.account, operation: `event of ${event.source}`, key: event.id }),
        flow,
        owner: caller.account,
        title: (event.subject ?? type).slice(0, 200),
        labels: {},
      },
      event: { type, data: parsed.data },
      idempotency: { key: event.id, requestHash: SAME },
      ...(traceparent === undefined ? {} : { traceparent }),
      outside: { id: event.id, source: event.source, subject: event.subject },
    });
  };
}

function namesObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return artifactRef().safeParse(value).success || Object.values(value).some(namesObject);
}

function refused(status: number, code: string, detail: string): HttpProblem {
  return new HttpProblem({ status, code, detail });
}
