import { randomUUID } from 'node:crypto';
import { type Enrolled, enrolOne } from './enrolled.ts';
import type { FrontDoor } from './front-door.ts';

/** What tests look at in the answer that shows a post. */
export interface PostBody {
  readonly id: string;
  readonly text: string;
  readonly author: { id: string };
  readonly mentions: readonly { id: string }[];
  readonly pictures: readonly { id: string; sizes: readonly { name: string; href: string }[] }[];
  readonly artifact?: { href: string };
  readonly event?: string;
  readonly likes: number;
  readonly comments: number;
  readonly liked: boolean;
  readonly editedAt?: string;
}

/** People who post at a front door. */
export function postingAt(door: FrontDoor) {
  /** Posts; what is refused is no post. */
  async function post(who: Enrolled, body: object): Promise<PostBody> {
    const answer = await who.ask('/posts', { body });
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as PostBody;
  }

  /** What is there for somebody. */
  async function read<Body>(who: Enrolled, path: string): Promise<Body> {
    const answer = await who.ask(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Body;
  }

  const put = (who: Enrolled, path: string, body?: object, headers: Record<string, string> = {}) =>
    who.ask(path, { method: 'PUT', headers, ...(body === undefined ? {} : { body }) });
  const remove = (who: Enrolled, path: string) => who.ask(path, { method: 'DELETE' });

  async function follow(who: Enrolled, whom: Enrolled): Promise<void> {
    const { status } = await put(who, `/users/${whom.id}/follow`);
    if (status !== 200) throw new Error(`${who.handle} cannot follow ${whom.handle}: ${status}`);
  }

  /** What the ledger was told of somebody, first to last. */
  async function facts(type: string, user: Enrolled): Promise<readonly object[]> {
    const rows = await door.fixture.rows<{ data: object }>(
      `select data from ledger.event where type = $1 and data->>'user' = $2 order by id`,
      [type, user.id],
    );
    return rows.map(({ data }) => data);
  }

  const two = async (): Promise<[Enrolled, Enrolled]> => [await enrolOne(door), await enrolOne(door)];

  /** An event of a day, that nobody is told of. */
  async function eventOf(owner: Enrolled, visibility: string): Promise<string> {
    const id = randomUUID();
    await door.fixture.rows(
      `insert into people.gathering (id, owner, uid, title, starts, ends, starts_at, ends_at, visibility)
       values ($1, $2, $3, 'Tea', '2026-05-04', '2026-05-05', '2026-05-04', '2026-05-05', $4)`,
      [id, owner.id, id, visibility],
    );
    return id;
  }

  return { post, read, put, remove, follow, facts, two, eventOf };
}
