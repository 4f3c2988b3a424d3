import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { type EventType, eventCatalogue } from '#shared/events';
import type { Dependencies, Emit, FunctionInput } from '#shared/function';
import { notificationKinds } from '#shared/notifications';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';
import { tellings, toldTypes } from './tellings.ts';

const bench = await createCommandBench();
afterAll(() => bench.close());

/** What a commit of this fact would write and publish. */
async function notify(type: EventType, data: object): Promise<readonly Emit[]> {
  const fact = { id: randomUUID(), type, key: undefined, data: eventCatalogue[type].data.parse(data) };
  const input = { all: (asked: EventType) => (asked === type ? [fact] : []) } as unknown as FunctionInput<
    (typeof toldTypes)[number]
  >;
  const { write } = await definition.handle(input, {} as Dependencies<never>);
  return (await bench.within(async (tx) => await write?.(tx)))?.events ?? [];
}
const told = (account: string) =>
  bench.fixture.rows<{ kind: string; occasions: number; people: number }>(
    'select kind, occasions, people from people.notification where account = $1 order by changed_at',
    [account],
  );

it.each(toldTypes)('%s of people who are gone tells nobody', async (type) => {
  expect(await notify(type, eventCatalogue[type].example)).toEqual([]);
});

it('tells of each fact in a kind that people know', async () => {
  for (const type of toldTypes) {
    const context = { fact: randomUUID(), tx: { query: async () => [] } };
    const telling = await (tellings[type] as (data: unknown, context: object) => unknown)(
      eventCatalogue[type].example,
      context,
    );
    expect(Object.keys(notificationKinds)).toContain((telling as { kind: string }).kind);
  }
});

it.each([
  ['user.followed', 'followed'],
  ['user.follow-requested', 'follow-requested'],
  ['user.follow-accepted', 'follow-accepted'],
] as const)('%s is told once, whoever does it again', async (type, kind) => {
  const [user, by, another] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  for (const who of [by, by, user]) await notify(type, { user, by: who });
  expect(await told(user)).toEqual([{ kind, occasions: 1, people: 1 }]);
  await notify(type, { user, by: another });
  const rows = await told(user);
  // That somebody lets one follow is about him; the others are about all who do it.
  expect(rows.reduce((sum, { people }) => sum + people, 0)).toBe(2);
});

it('counts people, and how often they did it, exactly under forty at once', async () => {
  const user = await bench.somebody();
  const post = randomUUID();
  const people = await Promise.all(Array.from({ length: 8 }, () => bench.somebody()));
  const comments = people.flatMap((by) => Array.from({ length: 5 }, () => ({ by, comment: randomUUID() })));
  await Promise.all(comments.map((said) => notify('post.commented', { user, post, ...said })));
  expect(await told(user)).toEqual([{ kind: 'commented', occasions: 40, people: 8 }]);
});

it('asks for three mails in an hour, however many come at once', async () => {
  const user = await bench.somebody();
  await bench.fixture.rows('update people.account set email_verified_at = now() where id = $1', [user]);
  await bench.fixture.rows(
    'insert into people.notification_settings (account, preferences) values ($1, $2)',
    [user, JSON.stringify({ liked: { email: 'each' } })],
  );
  const by = await bench.somebody();
  const asked = await Promise.all(
    Array.from({ length: 20 }, () => notify('post.liked', { user, by, post: randomUUID() })),
  );
  expect(asked.flat().filter(({ type }) => type === 'mail.requested')).toHaveLength(3);
  const [waiting] = await bench.fixture.rows<{ n: number }>(
    'select count(mail_at)::int as n from people.notification where account = $1',
    [user],
  );
  expect(waiting?.n).toBe(17);
});
