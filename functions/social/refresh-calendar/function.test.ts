import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { type FeedPeer, lookAtFeed, openFeedPeer } from '../../../test/feed-peer.ts';
import { event, file } from '../../../test/given-calendar.ts';
import definition from './function.ts';

const bench = await createCommandBench();
afterAll(() => bench.close());
const { pool, rows } = bench.fixture;

let peer: FeedPeer;
let user: string;
let calendar: string;
beforeEach(async () => {
  peer = await openFeedPeer();
  user = await bench.somebody();
  calendar = randomUUID();
  await rows(
    "insert into people.calendar (id, owner, kind, name, url, state) values ($1, $2, 'feed', 'Theirs', $3, 'waiting')",
    [calendar, user, peer.url],
  );
});
afterEach(() => peer.close());

/** Up to its commit. */
const handled = () => lookAtFeed({ definition, pool, user, calendar });
const committed = (write: Awaited<ReturnType<typeof handled>>) =>
  bench.within(async (tx) => await write?.(tx));
const titles = async () =>
  (
    await rows<{ title: string }>('select title from people.gathering where calendar = $1 order by title', [
      calendar,
    ])
  ).map(({ title }) => title);
const standing = () => rows('select state, failure from people.calendar where id = $1', [calendar]);

describe('a look at a feed', () => {
  it('takes what is there, and tells of numbers alone', async () => {
    const done = await committed(await handled());
    expect(done).toEqual({
      reply: { state: 'changed' },
      events: [{ type: 'calendar.imported', data: { user, calendar, added: 3, changed: 0, removed: 0 } }],
    });
    expect(await titles()).toEqual(['Later', 'Party', 'Stand-up']);
    expect(await standing()).toEqual([{ state: 'good', failure: null }]);
  });

  it('that died before its commit did nothing, and is done again; delivered again it finds nothing new', async () => {
    await handled();
    expect(await titles()).toEqual([]);
    expect(await standing()).toEqual([{ state: 'waiting', failure: null }]);
    await committed(await handled());
    const again = await committed(await handled());
    expect(again).toEqual({ reply: { state: 'same' } });
    expect(await titles()).toHaveLength(3);
  });

  it('at one that names no version knows what it holds by itself', async () => {
    peer.isTagged = false;
    const looks = [];
    for (let turn = 0; turn < 2; turn += 1) looks.push((await committed(await handled()))?.reply);
    peer.body = peer.body.replace('Party', 'Feast');
    looks.push((await committed(await handled()))?.reply);
    expect(looks).toEqual([{ state: 'changed' }, { state: 'same' }, { state: 'changed' }]);
    expect(peer.asked).toEqual([undefined, undefined, undefined]);
    expect(await titles()).toContain('Feast');
  });

  it('no longer has an instance that the feed has moved back, and keeps its series', async () => {
    await committed(await handled());
    peer.body = peer.body.replace(/BEGIN:VEVENT\r\nUID:standup\r\nSUMMARY:Later[\s\S]*?END:VEVENT\r\n/, '');
    expect((await committed(await handled()))?.events).toEqual([
      { type: 'calendar.imported', data: { user, calendar, added: 0, changed: 0, removed: 1 } },
    ]);
    expect(await titles()).toEqual(['Party', 'Stand-up']);
  });

  it('beside another one at the same time has each event once', async () => {
    const both = await Promise.all([handled(), handled()]);
    const done = await Promise.all(both.map(committed));
    const counts = done.map((one) => one?.events?.map(({ data }) => data));
    expect(counts.flat()).toEqual(
      expect.arrayContaining([
        { user, calendar, added: 3, changed: 0, removed: 0 },
        { user, calendar, added: 0, changed: 0, removed: 0 },
      ]),
    );
    expect(await titles()).toHaveLength(3);
  });

  it('finds it gone, before and after it was asked for', async () => {
    const write = await handled();
    await rows('delete from people.calendar where id = $1', [calendar]);
    expect(await committed(write)).toEqual({ reply: { state: 'gone' } });
    peer.asked = [];
    await handled();
    expect(peer.asked).toEqual([]);
    expect(await titles()).toEqual([]);
  });

  it.each<[what: string, change: (feed: FeedPeer) => void, code: string]>([
    ['answers an error', (feed) => Object.assign(feed, { status: 503 }), 'feed-status-503'],
    ['is a page', (feed) => Object.assign(feed, { body: '<!doctype html>' }), 'calendar-not-icalendar'],
    [
      'has nothing that can be taken',
      (feed) =>
        Object.assign(feed, {
          body: file(...event('every-second', 'DTSTART:20260101T000000Z', 'RRULE:FREQ=SECONDLY')),
        }),
      'calendar-unusable',
    ],
    [
      'leads into a private network',
      (feed) => Object.assign(feed, { status: 302 }),
      'outbound-address-refused',
    ],
    ['is there no more', (feed) => feed.close(), 'outbound-unreachable'],
  ])('at one that %s keeps what it had, and says why', async (_, change, code) => {
    await committed(await handled());
    change(peer);
    expect(await committed(await handled())).toEqual({ reply: { state: 'failed' } });
    expect(await standing()).toEqual([{ state: 'failing', failure: code }]);
    expect(await titles()).toHaveLength(3);
  });
});
