import { expect } from 'vitest';
import type { FunctionDefinition } from '#shared/function';
import { type Enrolled, enrol, enrolOne } from './enrolled.ts';
import { expectNoErrors } from './expect-no-errors.ts';
import { openFrontDoor } from './front-door.ts';
import { openMailPeer } from './mail-peer.ts';
import { openPushPeer } from './push-peer.ts';
import { workerAt } from './worker.ts';

/** A notification as its list shows it. */
export interface Listed {
  id: string;
  kind: string;
  text: string;
  subject?: string;
  actor?: { id: string };
  people: number;
  occasions: number;
  read: boolean;
  cursor: string;
}

/** So many people do something to each other. */
const OTHERS = 30;

/**
 * A front door, servers that take mails and pushes, and people who are told of each other.
 *
 * @param functions those that tell them
 */
export async function openTelling(functions: readonly Pick<FunctionDefinition, 'name'>[]) {
  const door = await openFrontDoor();
  const mails = await openMailPeer(door);
  const pushes = await openPushPeer(door);
  const worker = await workerAt(door, functions, { ...mails.ports, ...pushes.ports });
  const others = await enrol(door, OTHERS);

  /** No error of ours, and neither words nor secrets in the ledger. */
  async function expectQuiet(): Promise<void> {
    expectNoErrors(door);
    const [dump] = await door.fixture.rows<{ all: string }>(
      `select concat((select string_agg(e.data::text, '') from ledger.event e),
         (select string_agg(coalesce(d.reply::text, ''), '') from ledger.delivery d)) as all`,
    );
    expect(dump?.all).not.toMatch(/example\.org|Enrolled_|We move on|p256dh|unsubscribe/);
  }

  return {
    ...{ door, mails, pushes, worker, others },
    other(at = 0): Enrolled {
      const found = others[at];
      if (found === undefined) throw new Error(`there are ${OTHERS} others, and no ${at}`);
      return found;
    },
    /** A new person with an address that was verified, whom nobody was told of; no mail was received yet. */
    async newcomer(): Promise<Enrolled> {
      const who = await enrolOne(door);
      await door.fixture.rows('update people.account set email_verified_at = now() where id = $1', [who.id]);
      mails.received.length = 0;
      return who;
    },
    expectQuiet,
    /** Whatever was told, it was so quietly. */
    async close(): Promise<void> {
      try {
        await expectQuiet();
      } finally {
        await worker.close();
        await mails.close();
        await pushes.close();
        await door.close();
      }
    },
  };
}

export const follow = (by: Enrolled, user: Enrolled): Promise<Response> =>
  by.ask(`/users/${user.id}/follow`, { method: 'PUT' });

export async function posted(who: Enrolled): Promise<string> {
  const answer = await who.ask('/posts', { body: { text: 'The tide is out.' } });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

export const like = (by: Enrolled, post: string): Promise<Response> =>
  by.ask(`/posts/${post}/like`, { method: 'PUT' });

export async function listOf(
  who: Enrolled,
  query = '',
): Promise<{ notifications: Listed[]; unread: number }> {
  const answer = await who.ask(`/notifications${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as { notifications: Listed[]; unread: number };
}

export async function historyOf(who: Enrolled): Promise<{ id: string; channels: { email: string } }[]> {
  const answer = await who.ask('/api/v1/notifications/history?limit=100');
  return ((await answer.json()) as { notifications: { id: string; channels: { email: string } }[] })
    .notifications;
}

/** Changes what is preferred of some kinds. */
export async function prefer(who: Enrolled, changes: Record<string, object>): Promise<Response> {
  const { preferences } = (await (await who.ask('/notifications/preferences')).json()) as {
    preferences: Record<string, object>;
  };
  const changed = Object.entries(changes).map(([kind, channels]) => [
    kind,
    { ...preferences[kind], ...channels },
  ]);
  return await who.ask('/notifications/preferences', {
    method: 'PUT',
    body: { preferences: { ...preferences, ...Object.fromEntries(changed) } },
  });
}
