import { afterAll, describe, expect, it } from 'vitest';
import { enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor } from './testing/front-door.ts';
import { type Listed, listed, made, read, tea, window } from './testing/gathering.ts';

const door = await openFrontDoor();
const ann = await enrolOne(door);
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

describe('times', () => {
  // Europe/Paris goes forward on 31 March 2030 at 02:00, back on 27 October 2030 at 03:00.
  it.each<[what: string, starts: string, zone: string | undefined, instant: string]>([
    ['before the gap', '2030-03-31T01:59:59', 'Europe/Paris', '2030-03-31T00:59:59.000Z'],
    ['in the gap: an hour later', '2030-03-31T02:30:00', 'Europe/Paris', '2030-03-31T01:30:00.000Z'],
    ['after the gap', '2030-03-31T03:00:00', 'Europe/Paris', '2030-03-31T01:00:00.000Z'],
    ['twice: the first', '2030-10-27T02:30:00', 'Europe/Paris', '2030-10-27T00:30:00.000Z'],
    ['after both', '2030-10-27T03:00:00', 'Europe/Paris', '2030-10-27T02:00:00.000Z'],
    ['half an hour of summer', '2030-10-06T02:15:00', 'Australia/Lord_Howe', '2030-10-05T15:45:00.000Z'],
    ['a zone of three quarters', '2030-01-01T00:00:00', 'Asia/Kathmandu', '2029-12-31T18:15:00.000Z'],
    ['whole days', '2030-03-31', undefined, '2030-03-31T00:00:00.000Z'],
  ])('%s', async (_, starts, zone, instant) => {
    expect((await made({ starts, ends: undefined, zone }, ann)).startsAt).toBe(instant);
  });

  it('recur on the same clock across DST, but for those left out, moved and cancelled', async () => {
    const owner = await enrolOne(door);
    const recurrence = { rule: 'FREQ=WEEKLY;COUNT=5', except: ['2030-04-14T10:00:00'] };
    const hours = { starts: '2030-03-24T10:00:00', ends: '2030-03-24T11:00:00' };
    const { id } = await made({ ...hours, recurrence }, owner);
    const move = (recurrenceId: string, body: object) =>
      owner.ask(`/events/${id}/instances/${recurrenceId}`, { method: 'PUT', body });
    const moved = await move('2030-04-07T10:00:00', { starts: '2030-04-08T12:00:00' });
    expect(moved.status).toBe(200);
    expect((await move('2030-04-21T10:00:00', { status: 'cancelled' })).status).toBe(200);
    for (const none of [
      '2030-04-07T10:00:01',
      '2030-04-14T10:00:00',
      '2030-05-05T10:00:00',
      '2030-04-07',
      'x',
    ])
      expect((await move(none, { status: 'cancelled' })).status, none).toBe(404);
    const all = await listed(owner, window('2030-03-01', '2030-06-01'));
    expect(all.events.map(({ startsAt, status }) => [startsAt.slice(0, 16), status])).toEqual([
      ['2030-03-24T09:00', 'scheduled'],
      ['2030-03-31T08:00', 'scheduled'],
      ['2030-04-08T10:00', 'scheduled'],
      ['2030-04-21T08:00', 'cancelled'],
    ]);
    // Other times make every instance as the rule says again.
    await owner.ask(`/events/${id}`, {
      method: 'PUT',
      body: { ...tea, ...hours, starts: '2030-03-24T09:00:00', recurrence: { rule: 'FREQ=WEEKLY;COUNT=5' } },
    });
    expect((await read(owner, id)).moved).toEqual([]);
  });

  it('come by pages, each instance once, series and single ones merged, new ones in between', async () => {
    const owner = await enrolOne(door);
    for (const zone of ['Europe/Paris', 'UTC', 'America/New_York'])
      await made({ zone, recurrence: { rule: 'FREQ=DAILY' } }, owner);
    for (let day = 1; day <= 9; day += 1)
      await made({ starts: `2030-05-0${day}T18:30:00`, ends: undefined }, owner);
    const seen: string[] = [];
    let path: string | undefined = `/events?limit=7&${window('2030-05-01', '2030-05-11')}`;
    while (path !== undefined) {
      const answer = await owner.ask(path);
      const page = (await answer.json()) as Listed;
      expect(page.events.length).toBeLessThanOrEqual(7);
      seen.push(...page.events.map((one) => `${one.startsAt} ${one.event} ${one.recurrenceId}`));
      path = page.links.next;
      expect(answer.headers.get('link')?.includes(path ?? '')).toBe(path === undefined ? undefined : true);
      await made({ starts: '2030-05-01T00:00:00', ends: undefined }, owner);
    }
    expect(seen).toHaveLength(3 * 10 + 9);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.map((one) => one.slice(0, 24))).toEqual(seen.map((one) => one.slice(0, 24)).toSorted());
  });

  it('of one series fill each page', async () => {
    const owner = await enrolOne(door);
    await made({ recurrence: { rule: 'FREQ=DAILY' } }, owner);
    const first = await listed(owner, window('2030-05-10', '2030-06-10'));
    const rest = await listed(owner, first.links.next?.split('?')[1] ?? '');
    expect([first.events.length, rest.events.length, rest.links.next]).toEqual([20, 11, undefined]);
  });

  it.each([
    'from=2030-01-01T00:00:00Z&to=2031-06-01T00:00:00Z',
    'from=tomorrow',
    'cursor=x',
    'limit=0',
    'owner=x',
  ])('asked for with %s are refused', async (query) =>
    expect((await ann.ask(`/events?${query}`)).status).toBe(400),
  );
});
