import { afterAll, describe, expect, it } from 'vitest';
import type { Outcome } from '#shared/function';
import { lookAtFeed, openFeedPeer } from '../../test/feed-peer.ts';
import { event, file, team } from '../../test/given-calendar.ts';
import { within } from '../../test/within.ts';
import refreshCalendar from '../social/refresh-calendar/function.ts';
import refreshCalendars from '../social/refresh-calendars/function.ts';
import { calendarsAt, imported, type View } from './testing/calendars.ts';
import { openFrontDoor } from './testing/front-door.ts';
import { bearer, peopleAt } from './testing/people.ts';

const door = await openFrontDoor();
const peer = await openFeedPeer();
afterAll(async () => {
  peer.close();
  await door.close();
});
const { registered, signedIn } = peopleAt(door);
const { me, importing, get, rows } = await calendarsAt(door);
const { pool } = door.fixture;
const written = (write: Outcome['write']) => within(pool, async (tx) => await write?.(tx));
/** Does one look as a worker would. */
async function look(calendar: string, allow?: string[]): Promise<unknown> {
  const write = await lookAtFeed({ definition: refreshCalendar, pool, user: me.user, calendar, allow });
  return (await written(write))?.reply;
}

describe('a feed', () => {
  const state = async (id: string) => (await (await get(`/calendars/${id}`)).json()) as View;

  it('is read, asked for changes alone, and emptied of what it holds no more', async () => {
    const answer = await door.ask('/calendars/import', { headers: bearer(me), body: { url: peer.url } });
    expect(answer.status).toBe(201);
    const { calendar } = await imported(answer);
    expect(calendar).toMatchObject({ kind: 'feed', state: 'waiting', url: peer.url, name: '127.0.0.1' });
    const again = await door.ask('/calendars/import', { headers: bearer(me), body: { url: peer.url } });
    expect([again.status, (await imported(again)).calendar.id]).toEqual([200, calendar.id]);
    const events = await door.fixture.rows<{ data: object }>(
      "select data from ledger.event where type = 'calendar.refresh-requested'",
    );
    expect(events.map(({ data }) => data)).toContainEqual({ user: me.user, calendar: calendar.id });
    expect(await look(calendar.id)).toEqual({ state: 'changed' });
    expect(await state(calendar.id)).toMatchObject({ state: 'good', name: 'Team' });
    const before = await rows(calendar.id);
    expect(before).toHaveLength(3);
    peer.asked = [];
    expect(await look(calendar.id)).toEqual({ state: 'same' });
    expect(peer.asked).toEqual([`"${peer.body.length}"`]);
    expect(await rows(calendar.id)).toEqual(before);
    peer.body = file(
      'X-WR-CALNAME:Team',
      ...event('party', 'SUMMARY:Big party', 'DTSTART;VALUE=DATE:20260402'),
    );
    expect(await look(calendar.id)).toEqual({ state: 'changed' });
    expect((await rows(calendar.id)).map(({ title }) => title)).toEqual(['Big party']);
  });

  it('that cannot be read says why, is asked later and later, and keeps what it had', async () => {
    const { calendar } = await imported(
      await door.ask('/calendars/import', { headers: bearer(me), body: { url: peer.url } }),
    );
    const wait = async () => {
      const [row] = await door.fixture.rows<{ minutes: number | null }>(
        'select round(extract(epoch from due_at - checked_at) / 60)::int as minutes from people.calendar where id = $1',
        [calendar.id],
      );
      return row?.minutes;
    };
    const kept = await rows(calendar.id);
    const waits: unknown[] = [];
    for (const [answer, why] of [
      [500, 'feed-status-500'],
      [404, 'feed-status-404'],
      [302, 'outbound-address-refused'],
    ] as const) {
      peer.status = answer;
      expect(await look(calendar.id)).toEqual({ state: 'failed' });
      expect(await state(calendar.id)).toMatchObject({ state: 'failing', failure: why });
      waits.push(await wait());
    }
    expect(waits).toEqual([15, 30, 60]);
    expect(await look(calendar.id, [])).toEqual({ state: 'failed' });
    expect(await state(calendar.id)).toMatchObject({ failure: 'outbound-address-refused' });
    peer.status = 200;
    const good = peer.body;
    peer.body = '<!doctype html>';
    await look(calendar.id);
    expect(await state(calendar.id)).toMatchObject({ failure: 'calendar-not-icalendar' });
    expect(await rows(calendar.id)).toEqual(kept);
    peer.body = good;
    await look(calendar.id);
    expect([(await state(calendar.id)).state, await wait()]).toEqual(['good', 60]);
    peer.status = 410;
    await look(calendar.id);
    expect(await wait()).toBeNull();
    peer.status = 200;
  });

  it('is asked for once an hour, by one of many who look at once', async () => {
    const { calendar } = await imported(
      await door.ask('/calendars/import', { headers: bearer(me), body: { url: peer.url } }),
    );
    await look(calendar.id);
    await door.fixture.rows(
      "update people.calendar set due_at = now() - interval '1 minute' where kind = 'feed'",
    );
    const [input, deps] = [{} as never, {} as never];
    const ticks = await Promise.all(
      Array.from({ length: 4 }, async () => written((await refreshCalendars.handle(input, deps)).write)),
    );
    const due = ticks.flatMap((done) => done?.events ?? []);
    expect(due.map(({ data }) => data)).toEqual([{ user: me.user, calendar: calendar.id }]);
    const next = await written((await refreshCalendars.handle(input, deps)).write);
    expect(next?.events).toEqual([]);
  });

  it('goes with its owner', async () => {
    const who = await registered();
    await importing(team(), { as: await signedIn(who) });
    await door.fixture.rows('delete from people.account where id = $1', [who.id]);
    expect(await door.fixture.rows('select from people.calendar where owner = $1', [who.id])).toEqual([]);
    expect(await door.fixture.rows('select from people.gathering where owner = $1', [who.id])).toEqual([]);
  });
});
