import type { Enrolled } from './enrolled.ts';
import type { FrontDoor } from './front-door.ts';

export interface Event {
  readonly id: string;
  readonly going: number;
  readonly waiting: number;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: string;
  readonly yours: { state: string; ahead: number | null; remindMinutes: number | null } | null;
  readonly moved: readonly { recurrenceId: string; starts: string; status: string }[];
}

export interface Listed {
  readonly events: readonly {
    event: string;
    recurrenceId: string | null;
    startsAt: string;
    status: string;
  }[];
  readonly links: { self: string; next?: string };
}

export const tea = {
  title: 'Tea',
  starts: '2030-05-01T18:30:00',
  ends: '2030-05-01T21:00:00',
  zone: 'Europe/Paris',
};

/** Between the midnights of two days. */
export const window = (from: string, to: string): string => `from=${from}T00:00:00Z&to=${to}T00:00:00Z`;

/** Has tea, but for what is said otherwise. */
export async function made(body: object, owner: Enrolled): Promise<Event> {
  const answer = await owner.ask('/events', { body: { ...tea, ...body } });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Event;
}

export const read = async (who: Enrolled, id: string): Promise<Event> =>
  (await (await who.ask(`/events/${id}`)).json()) as Event;

/** Answers what he is: he may have to wait. */
export async function join(who: Enrolled, id: string, body: object = { state: 'going' }): Promise<string> {
  const answer = await who.ask(`/events/${id}/participation`, { method: 'PUT', body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { state: string }).state;
}

export async function listed(who: Enrolled, query: string): Promise<Listed> {
  const answer = await who.ask(`/events?${query}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Listed;
}

/** What was told of an event, oldest first. */
export const factsOf = (
  { fixture }: FrontDoor,
  gathering: string,
  type: string,
): Promise<{ data: { user: string } }[]> =>
  fixture.rows<{ data: { user: string } }>(
    `select data from ledger.event where type = $1 and data->>'gathering' = $2 order by id`,
    [type, gathering],
  );
