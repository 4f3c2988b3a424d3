import { randomUUID } from 'node:crypto';
import type { AskRequest, FrontDoor } from './front-door.ts';

/** Somebody with an account and a token, and no password: made in no time. */
export interface Enrolled {
  readonly id: string;
  readonly handle: string;
  ask(path: string, request?: AskRequest): Promise<Response>;
}

let count = 0;

/** Makes people at a front door. */
export async function enrol(
  door: FrontDoor,
  many: number,
  { isPrivate = false } = {},
): Promise<readonly Enrolled[]> {
  const people = Array.from({ length: many }, () => {
    count += 1;
    const id = randomUUID();
    const ask: Enrolled['ask'] = (path, request) => door.ask(path, { as: id, ...request });
    return { id, handle: `enrolled_${count}`, ask };
  });
  await door.fixture.rows(
    `insert into people.account (id, email, handle, name, password, private)
     select id, handle || '@example.org', handle, initcap(handle), 'none', $3 from unnest($1::uuid[], $2::text[]) p (id, handle)`,
    [people.map(({ id }) => id), people.map(({ handle }) => handle), isPrivate],
  );
  return people;
}

/** One of them. */
export async function enrolOne(door: FrontDoor, options: { isPrivate?: boolean } = {}): Promise<Enrolled> {
  const [person] = await enrol(door, 1, options);
  if (person === undefined) throw new Error('nobody was enrolled');
  return person;
}
