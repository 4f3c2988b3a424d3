import type { FrontDoor } from './front-door.ts';
import { bearer, peopleAt, type Tokens } from './people.ts';

/** A calendar as its owner sees it. */
export interface View {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly failure?: string;
  readonly links: { readonly feed?: string };
}

/** What an import answered. */
export const imported = async (answer: Response) =>
  (await answer.json()) as { calendar: View; added: number; changed: number; skipped: object[] };

/** Two people who registered, and what the first of them does with calendars. */
export async function calendarsAt(door: FrontDoor) {
  const people = peopleAt(door);
  const me = await people.signedIn(await people.registered());
  const other = await people.signedIn(await people.registered());
  return {
    ...{ me, other },
    importing: (
      body: string,
      { as = me, name, headers = {} }: { as?: Tokens; name?: string; headers?: object } = {},
    ): Promise<Response> =>
      door.ask(`/calendars/import${name === undefined ? '' : `?name=${encodeURIComponent(name)}`}`, {
        method: 'POST',
        headers: { ...bearer(as), 'content-type': 'text/calendar', ...headers },
        body,
      }),
    get: (path: string, headers: Record<string, string> = bearer(me)): Promise<Response> =>
      door.ask(path, { headers }),
    /** What stands in a calendar, by time. */
    rows: (calendar: string) =>
      door.fixture.rows<{ uid: string; title: string; visibility: string }>(
        'select uid, recurrence_id, title, starts_at, visibility from people.gathering where calendar = $1 order by starts_at',
        [calendar],
      ),
  };
}
