import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { talkAt } from './testing/talk.ts';
import { createTypingPace } from './typing-pace.ts';

let fixture: LedgerFixture;
let talk: ReturnType<typeof talkAt>;
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  talk = talkAt(fixture);
});
afterAll(() => fixture?.close());

it('is heard by the others who take part, and kept nowhere; not by two of whom one has blocked the other', async () => {
  const [alice = '', bob = '', carol = '', pest = '', fresh = ''] = await talk.people(5);
  const group = await talk.group(alice, [bob, carol]);
  const { conversation: two } = await talk.direct(pest, bob);
  await talk.say(pest, two, 'Hello?');
  await talk.block(bob, pest);
  // Nobody was written to yet: whom it would be with does not know of it.
  const { conversation: unsaid } = await talk.direct(alice, fresh);
  const listener = await fixture.pool.connect();
  try {
    const heard: { to: string[]; type: string; data: object }[] = [];
    const last = Promise.withResolvers<void>();
    listener.on('notification', ({ channel, payload = '' }) => {
      if (channel === 'over') last.resolve();
      else heard.push(JSON.parse(payload));
    });
    await listener.query('listen millrace_announced');
    await listener.query('listen over');
    const began = performance.now();
    for (let n = 0; n < 3; n += 1) expect(await talk.seen.typing(alice, group)).toBe(true);
    for (const typist of [pest, bob]) expect(await talk.seen.typing(typist, two)).toBe(true);
    expect(await talk.seen.typing(alice, unsaid)).toBe(true);
    for (const stranger of [pest, 'operator']) expect(await talk.seen.typing(stranger, group)).toBe(false);
    await fixture.rows("select pg_notify('over', '')");
    await last.promise;
    const [first] = heard;
    expect(heard.map(({ data }) => data)).not.toContainEqual(expect.objectContaining({ conversation: two }));
    expect(heard.map(({ data }) => data)).not.toContainEqual(
      expect.objectContaining({ conversation: unsaid }),
    );
    // One a second, and never told to anybody else.
    expect(heard.length).toBeLessThanOrEqual(1 + (performance.now() - began) / 1_000);
    expect(first?.to.toSorted()).toEqual([bob, carol].sort());
    expect(first).toMatchObject({ type: 'typing', data: { conversation: group, user: alice } });
  } finally {
    listener.release(true);
  }
  expect(await fixture.rows("select from people.told where type = 'typing'")).toEqual([]);
});

it('is told once a second by each, and forgotten afterwards', () => {
  let now = 0;
  const pace = createTypingPace({ now: () => now });
  const told = [0, 10, 999, 1_000, 1_500, 2_000].map((at) => {
    now = at;
    return [pace.mayTell('alice'), pace.mayTell(`somebody at ${at}`)];
  });
  expect(told).toEqual([true, false, false, true, false, true].map((alice) => [alice, true]));
});
