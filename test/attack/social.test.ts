import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { accountLetters } from '#shared/accounts';
import { enrol } from '../../functions/ingress/testing/enrolled.ts';
import { openFrontDoor, problemIn } from '../../functions/ingress/testing/front-door.ts';
import { byWebSocket } from '../../functions/ingress/testing/hearers.ts';
import { bearer, PASSWORD, peopleAt } from '../../functions/ingress/testing/people.ts';
import { lengthenWaits } from '../long-waits.ts';

const door = await openFrontDoor();
await lengthenWaits(door.fixture);
afterAll(() => door.close());
const { post, registered, signedIn } = peopleAt(door);

describe('who was taken out of a group', () => {
  it('hears nothing of what was said in it when he comes back with an old cursor, nor what that was changed to', async () => {
    const [alice, bob] = await enrol(door, 2);
    if (alice === undefined || bob === undefined) throw new Error('nobody was enrolled');
    const made = async (answer: Promise<Response>) => (await (await answer).json()) as { id: string };
    const open = (title: string) =>
      made(alice.ask('/messages/conversations', { body: { kind: 'group', title, members: [bob.id] } }));
    const [left, kept] = [await open('left'), await open('kept')];
    const say = (conversation: string, text: string) =>
      made(alice.ask('/messages', { body: { id: randomUUID(), conversation, text } }));
    const message = await say(left.id, 'meet at the bridge');
    await say(kept.id, 'hello');
    await alice.ask(`/messages/conversations/${left.id}/members/${bob.id}`, { method: 'DELETE' });
    await alice.ask(`/messages/${message.id}`, { method: 'PUT', body: { text: 'the bank it is' } });
    await say(kept.id, 'good night');
    const back = byWebSocket(door.url, { token: await door.token(bob.id), cursor: '0' });
    await back.until(({ data }) => data.text === 'good night');
    back.leave();
    expect(JSON.stringify(back.told)).not.toMatch(/bridge|bank/);
    expect(back.told.filter(({ type }) => type === 'message.sent').map(({ data }) => data.text)).toEqual([
      'hello',
      'good night',
    ]);
    // No position is missing: he would be told to read all of it anew.
    expect(back.told.map(({ cursor }) => Number(cursor))).toEqual(back.told.map((_, at) => at));
    const hers = byWebSocket(door.url, { token: await door.token(alice.id), cursor: '0' });
    await hers.until(({ data }) => data.text === 'the bank it is');
    hers.leave();
  });
});

describe('a letter box of somebody who never came here', () => {
  it('is not filled by whoever registers with it, deletes that, and registers again', async () => {
    const email = 'victim@example.org';
    const statuses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const answer = await post('/auth/register', { email, handle: `mallory_${round}`, password: PASSWORD });
      statuses.push(answer.status);
      if (answer.status !== 201) {
        expect((await problemIn(answer)).code).toBe('mails-too-many');
        continue;
      }
      const headers = bearer(await signedIn({ email, password: PASSWORD }));
      await door.ask('/api/account', { method: 'DELETE', headers, body: { password: PASSWORD } });
    }
    expect(statuses.filter((status) => status === 201).length).toBeLessThan(8);
    expect(statuses.at(-1)).toBe(429);
  });

  it.each([
    ['You won! https://evil.example/x', 'Hello person_'],
    ['evil.example', 'Hello person_'],
    ['Anna M. O’Neill', 'Hello Anna M. O’Neill,'],
  ])('is told no link that a stranger chose as his name: %j', async (name, greeting) => {
    const who = peopleAt(door);
    const { id } = await who.registered({ ...somebodyCalled(name) });
    const [letter] = await door.fixture.rows<{ id: string }>(
      'select id from people.letter where account = $1',
      [id],
    );
    const say = accountLetters({ pool: door.fixture.pool, publicUrl: 'https://example.org' })['verify-email'];
    const mail = await say?.({ user: id, reference: letter?.id ?? '' });
    expect(mail?.lines[0]).toContain(greeting);
  });
});

let count = 0;
function somebodyCalled(name: string) {
  count += 1;
  return { email: `called${count}@example.org`, handle: `person_called_${count}`, password: PASSWORD, name };
}

it('what lets its holder do something stands in no log line: addresses of calendars, links of mails', async () => {
  const token = `${'0'.repeat(32)}.liked.${'A'.repeat(43)}`;
  for (const path of [`/notifications/unsubscribe/${token}`, `/calendars/feeds/${'B'.repeat(43)}.ics`])
    await door.ask(path);
  await registered();
  await expect.poll(() => door.lines.join('')).toContain('/auth/register');
  expect(door.lines.join('')).toContain('/notifications/unsubscribe/…');
  expect(door.lines.join('')).not.toMatch(/A{43}|B{43}/);
});
