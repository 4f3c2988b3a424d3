import type { FrontDoor } from '../../functions/ingress/testing/front-door.ts';
import { peopleAt } from '../../functions/ingress/testing/people.ts';

export interface Seeded {
  /** Of somebody who may use everything. */
  readonly token: string;
}

/** Somebody with a little of everything, and somebody whom he knows. */
export async function seedPeople(door: FrontDoor): Promise<Seeded> {
  const people = peopleAt(door);
  const [own, other] = [await people.registered(), await people.registered()];
  const token = await door.token(own.id, { roles: ['user', 'admin'], ttlSeconds: 7_200 });
  const act = async (method: string, path: string, body?: object): Promise<void> => {
    const answer = await door.ask(path, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    await answer.body?.cancel();
  };
  await act('PUT', `/users/${other.id}/follow`);
  await act('POST', '/posts', { text: 'A quiet evening by the mill.' });
  await act('POST', '/messages/conversations', { kind: 'direct', with: other.id });
  await act('POST', '/api/pipelines', { topic: 'Why octopuses have three hearts' });
  return { token };
}
