import { expect } from 'vitest';
import type { FrontDoor } from './front-door.ts';
import { bearer, type Credentials, peopleAt, type Tokens } from './people.ts';

export interface Person extends Credentials, Tokens {
  readonly id: string;
}

export interface Message {
  readonly id: string;
  readonly seq: number;
  readonly text: string;
  readonly author: { readonly id: string } | null;
  readonly mentions: readonly { readonly handle: string }[];
  readonly reactions: readonly { readonly emoji: string; readonly count: number; readonly mine: boolean }[];
  readonly attachments: readonly {
    readonly kind: string;
    readonly href?: string;
    readonly sizes?: unknown[];
  }[];
  readonly version: number;
  readonly hidden: boolean;
}

export interface MessagePage {
  readonly messages: readonly Message[];
  readonly links: { readonly self: string; readonly next?: string; readonly prev?: string };
}

/** The body of an answer, whose status is this one. */
export async function answered<Body>(answer: Response, status: number): Promise<Body> {
  const text = await answer.text();
  expect([answer.status, text]).toEqual([status, text]);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

/** People who talk at a front door. */
export function talkingAt(door: FrontDoor) {
  const { registered, signedIn } = peopleAt(door);

  /** Somebody who registered and signed in. */
  async function arrives(): Promise<Person> {
    const who = await registered();
    return { ...who, ...(await signedIn(who)) };
  }

  const ask = (
    by: Person,
    path: string,
    method = 'GET',
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    door.ask(path, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: { ...bearer(by), ...headers },
    });

  async function group(owner: Person, ...members: Person[]): Promise<string> {
    const body = { kind: 'group', title: 'Rabbits', members: members.map(({ id }) => id) };
    return (await answered<{ id: string }>(await ask(owner, '/messages/conversations', 'POST', body), 201))
      .id;
  }

  async function direct(by: Person, other: Person, status = 201): Promise<string> {
    const body = { kind: 'direct', with: other.id };
    return (await answered<{ id: string }>(await ask(by, '/messages/conversations', 'POST', body), status))
      .id;
  }

  return {
    ...{ arrives, ask, group, direct },
    say: async (by: Person, conversation: string, text: string, more: object = {}): Promise<Message> =>
      answered(await ask(by, '/messages', 'POST', { conversation, text, ...more }), 201),
    page: async (by: Person, path: string): Promise<MessagePage> => answered(await ask(by, path), 200),
  };
}
