import type { FrontDoor } from './front-door.ts';

export const PASSWORD = 'a long and quiet evening';

export interface Credentials {
  readonly email: string;
  readonly handle: string;
  readonly password: string;
}

export interface Tokens {
  readonly user: string;
  readonly session: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

let count = 0;

/** Somebody whom no other test knows. */
export function somebody(): Credentials {
  count += 1;
  return { email: `person${count}@example.org`, handle: `person_${count}`, password: PASSWORD };
}

export const bearer = ({ accessToken }: Pick<Tokens, 'accessToken'>) => ({
  authorization: `Bearer ${accessToken}`,
});

/** People at a front door. */
export function peopleAt(door: FrontDoor) {
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    door.ask(path, { body, headers });

  async function registered(who: Credentials = somebody()): Promise<Credentials & { id: string }> {
    const answer = await post('/auth/register', who);
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    return { ...who, ...((await answer.json()) as { id: string }) };
  }

  async function signedIn(who: Pick<Credentials, 'email' | 'password'>): Promise<Tokens> {
    const answer = await post('/auth/login', { email: who.email, password: who.password });
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Tokens;
  }

  return { post, registered, signedIn };
}
