import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fillPlaces from '../social/fill-places/function.ts';
import remindParticipants from '../social/remind-participants/function.ts';
import { type Enrolled, enrol, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { workerAt } from './testing/worker.ts';

interface Event {
  readonly id: string;
  readonly going: number;
  readonly waiting: number;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: string;
  readonly yours: { state: string; ahead: number | null; remindMinutes: number | null } | null;
  readonly moved: readonly { recurrenceId: string; starts: string; status: string }[];
}
interface Listed {
  readonly events: readonly {
    event: string;
    recurrenceId: string | null;
    startsAt: string;
    status: string;
  }[];
  readonly links: { self: string; next?: string };
}

const door = await openFrontDoor();
const worker = await workerAt(door, [remindParticipants, fillPlaces]);
let ann: Enrolled;
beforeAll(async () => {
  ann = await enrolOne(door);
});
afterAll(async () => {
  expectNoErrors(door);
  await worker.close();
  await door.close();
});

const tea = {
  title: 'Tea',
  starts: '2030-05-01T18:30:00',
  ends: '2030-05-01T21:00:00',
  zone: 'Europe/Paris',
};
async function made(body: object = {}, owner = ann): Promise<Event> {
  const answer = await owner.ask('/events', { body: { ...tea, ...body } });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Event;
}
const read = async (who: Enrolled, id: string) => (await (await who.ask(`/events/${id}`)).json()) as Event;
async function join(who: Enrolled, id: string, body: object = { state: 'going' }): Promise<string> {
  const answer = await who.ask(`/events/${id}/participation`, { method: 'PUT', body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { state: string }).state;
}
const factsOf = (gathering: string, type: string) =>
  door.fixture.rows<{ data: { user: string } }>(
    `select data from ledger.event where type = $1 and data->>'gathering' = $2 order by id`,
    [type, gathering],
  );
async function listed(who: Enrolled, query: string): Promise<Listed> {
  const answer = await who.ask(`/events?${query}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Listed;
}
const window = (from: string, to: string) => `from=${from}T00:00:00Z&to=${to}T00:00:00Z`;

describe('an event', () => {
  it('is made once for one key, read, changed for its version alone, cancelled and removed', async () => {
    const headers = { 'idempotency-key': 'tea' };
    const bodies = [tea, tea].map((body) => ann.ask('/events', { body, headers }));
    const [first, again] = await Promise.all(bodies);
    expect([first?.status, again?.status]).toEqual([201, 201]);
    const event = (await first?.json()) as Event;
    expect(await again?.json()).toEqual(event);
    expect(event).toMatchObject({ startsAt: '2030-05-01T16:30:00.000Z', endsAt: '2030-05-01T19:00:00.000Z' });
    const path = `/events/${event.id}`;
    const put = (body: object, tag: string) =>
      ann.ask(path, { method: 'PUT', body, headers: { 'if-match': tag } });
    const changed = await put({ ...tea, place: 'The garden' }, first?.headers.get('etag') ?? '');
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v2"']);
    expect((await put(tea, '"v1"')).status).toBe(412);
    // What changes nothing is no change.
    expect((await put({ ...tea, place: 'The garden' }, '"v2"')).headers.get('etag')).toBe('"v2"');
    const bob = await enrolOne(door);
    await join(bob, event.id);
    expect(await (await ann.ask(`${path}/cancel`, { method: 'POST' })).json()).toMatchObject({
      status: 'cancelled',
    });
    const late = await bob.ask(`${path}/participation`, { method: 'PUT', body: { state: 'going' } });
    expect((await problemIn(late)).code).toBe('event-cancelled');
    expect((await ann.ask(path, { method: 'DELETE' })).status).toBe(204);
    expect((await ann.ask(path)).status).toBe(404);
    expect(await factsOf(event.id, 'gathering.deleted')).toMatchObject([{ data: { users: [bob.id] } }]);
    expect(await factsOf(event.id, 'gathering.updated')).toMatchObject([{ data: { changes: ['place'] } }]);
    // The ledger learned none of its words.
    expect(await door.fixture.rows(`select from ledger.event where data::text like '%The garden%'`)).toEqual(
      [],
    );
  });

  it.each<[what: string, body: object, field: string]>([
    ['no title', { title: ' ' }, 'title'],
    ['a title of two lines', { title: 'a\nb' }, 'title'],
    ['text that turns around', { description: 'a \u202e b' }, 'description'],
    ['a lone surrogate', { place: '\ud800' }, 'place'],
    ['NUL', { description: 'a\0b' }, 'description'],
    ['a day that does not exist', { starts: '2030-02-30T10:00:00' }, 'starts'],
    ['a time of no zone', { zone: undefined }, 'zone'],
    ['a zone that does not exist', { zone: 'Europe/Atlantis' }, 'zone'],
    ['an offset in place of a zone', { zone: '+01:00' }, 'zone'],
    ['an end before its start', { ends: '2030-05-01T18:29:59' }, 'ends'],
    ['an end that is a day', { ends: '2030-05-02' }, 'ends'],
    ['more than a year', { ends: '2031-06-01T00:00:00' }, 'ends'],
    ['the year 9999', { starts: '9999-01-01T00:00:00' }, 'starts'],
    ['every second', { recurrence: { rule: 'FREQ=SECONDLY' } }, 'recurrence.rule'],
    ['no rule at all', { recurrence: { rule: 'DROP TABLE' } }, 'recurrence.rule'],
    [
      'no instance left',
      { recurrence: { rule: 'FREQ=DAILY;COUNT=1', except: ['2030-05-01'] } },
      'recurrence',
    ],
    ['no place at all', { capacity: 0 }, 'capacity'],
    ['half a place', { capacity: 1.5 }, 'capacity'],
    ['another visibility', { visibility: 'all' }, 'visibility'],
    ['a field that nobody knows', { owner: 'me' }, 'owner'],
  ])('with %s is refused, and the field named', async (_, body, field) => {
    const problem = await problemIn(await ann.ask('/events', { body: { ...tea, ...body } }));
    expect([problem.status, problem.errors?.map((error) => error.field)]).toEqual([400, [field]]);
  });
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
    expect((await made({ starts, ends: undefined, zone })).startsAt).toBe(instant);
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

describe('places', () => {
  it('are ten for fifty who ask at once; who leaves lets the next one in, and more places let more in', async () => {
    const { id } = await made({ capacity: 10 });
    const guests = await enrol(door, 50);
    const states = await Promise.all(guests.map((guest) => join(guest, id)));
    expect(states.filter((state) => state === 'going')).toHaveLength(10);
    expect(await read(ann, id)).toMatchObject({ going: 10, waiting: 40 });
    // Asked again nobody loses his turn.
    const line = await waitingAt(id);
    await Promise.all(guests.slice(0, 10).map((guest) => join(guest, id)));
    expect(await waitingAt(id)).toEqual(line);
    const going = guests.filter((_, at) => states[at] === 'going');
    await Promise.all(
      going.slice(0, 4).map((guest) => guest.ask(`/events/${id}/participation`, { method: 'DELETE' })),
    );
    await join(going[4] ?? ann, id, { state: 'declined' });
    expect(await waitingAt(id)).toEqual(line.slice(5));
    const promoted = (await factsOf(id, 'gathering.promoted')).map(({ data }) => data.user);
    expect(promoted.toSorted()).toEqual(line.slice(0, 5).toSorted());
    await ann.ask(`/events/${id}`, { method: 'PUT', body: { ...tea, capacity: 12 } });
    expect(await read(ann, id)).toMatchObject({ going: 12, waiting: 33 });
    // Fewer places take none away, and let nobody in.
    await ann.ask(`/events/${id}`, { method: 'PUT', body: { ...tea, capacity: 3 } });
    await going[5]?.ask(`/events/${id}/participation`, { method: 'DELETE' });
    expect(await read(ann, id)).toMatchObject({ going: 11, waiting: 33 });
    await ann.ask(`/events/${id}`, { method: 'PUT', body: tea });
    expect(await read(ann, id)).toMatchObject({ going: 44, waiting: 0 });
    expect(await factsOf(id, 'gathering.promoted')).toHaveLength(5 + 2 + 33);
  });

  it('are counted right through a storm of changed minds', async () => {
    const { id } = await made({ capacity: 3 });
    const guests = await enrol(door, 12);
    const minds = ['going', 'maybe', 'going', 'declined', 'going', 'leave'] as const;
    await Promise.all(
      guests.map(async (guest, at) => {
        for (let turn = 0; turn < 6; turn += 1) {
          const mind = minds[(at + turn) % minds.length] ?? 'going';
          if (mind === 'leave') await guest.ask(`/events/${id}/participation`, { method: 'DELETE' });
          else await join(guest, id, { state: mind });
        }
      }),
    );
    const [counted] = await door.fixture.rows<{ going: number; maybe: number; waiting: number }>(
      `select count(*) filter (where state = 'going')::int as going, count(*) filter (where state = 'maybe')::int as maybe,
         count(*) filter (where state = 'waiting')::int as waiting from people.participation where gathering = $1`,
      [id],
    );
    expect(await read(ann, id)).toMatchObject(counted ?? {});
    expect(counted?.going).toBeLessThanOrEqual(3);
    // Nobody waits beside a free place.
    expect(counted?.waiting === 0 || counted?.going === 3).toBe(true);
  });

  it('of one whose account went are filled with the next tick', async () => {
    const { id } = await made({ capacity: 1 });
    const [first, second] = await enrol(door, 2);
    if (first === undefined || second === undefined) throw new Error('nobody');
    await join(first, id);
    expect(await join(second, id)).toBe('waiting');
    expect((await read(second, id)).yours).toMatchObject({ state: 'waiting', ahead: 0 });
    await door.fixture.rows('delete from people.account where id = $1', [first.id]);
    expect(await read(ann, id)).toMatchObject({ going: 0, waiting: 1 });
    await ticked('6 minutes');
    expect((await read(second, id)).yours).toMatchObject({ state: 'going', ahead: null });
    expect(await factsOf(id, 'gathering.promoted')).toMatchObject([{ data: { user: second.id } }]);
  });

  async function waitingAt(id: string): Promise<string[]> {
    const answer = await ann.ask(`/events/${id}/participants?state=waiting&limit=100`);
    const page = (await answer.json()) as { participants: { id: string }[] };
    return page.participants.map((one) => one.id);
  }
});

describe('who sees an event', () => {
  const views = ['stranger', 'follower', 'guest', 'participant', 'blocked', 'blocker', 'owner'] as const;
  // Written by hand: of an open and of a private account, by visibility.
  const open = [200, 200, 200, 200, 404, 404, 200];
  const followers = [404, 200, 200, 200, 404, 404, 200];
  const invited = [404, 404, 200, 200, 404, 404, 200];
  it.each<[account: string, isPrivate: boolean, visibility: string, expected: number[]]>([
    ['an open account', false, 'public', open],
    ['an open account', false, 'followers', followers],
    ['an open account', false, 'invited', invited],
    ['a private account', true, 'public', followers],
    ['a private account', true, 'followers', followers],
    ['a private account', true, 'invited', invited],
  ])('of %s (%s), %s', async (_, isPrivate, visibility, expected) => {
    const owner = await enrolOne(door, { isPrivate });
    const [stranger, follower, guest, participant, blocked, blocker] = await enrol(door, 6);
    const people = { stranger, follower, guest, participant, blocked, blocker, owner };
    const { id } = await made({ visibility: 'public' }, owner);
    const follow = (who: Enrolled | undefined) =>
      door.fixture.rows(`insert into people.follow (follower, followed, state) values ($1, $2, 'accepted')`, [
        who?.id,
        owner.id,
      ]);
    for (const who of [follower, participant, blocked, blocker]) await follow(who);
    for (const who of [participant, blocked, blocker]) await join(who ?? owner, id);
    const invite = await owner.ask(`/events/${id}/invitations/${guest?.id}`, { method: 'PUT' });
    expect(invite.status).toBe(204);
    await door.fixture.rows('delete from people.follow where follower = $1', [participant?.id]);
    await owner.ask(`/events/${id}`, { method: 'PUT', body: { ...tea, visibility } });
    await owner.ask(`/users/${blocked?.id}/block`, { method: 'PUT' });
    await blocker?.ask(`/users/${owner.id}/block`, { method: 'PUT' });
    const seen = await Promise.all(
      views.map(async (view) => {
        const who = people[view] ?? owner;
        const day = window('2030-05-01', '2030-05-03');
        const statuses = [
          (await who.ask(`/events/${id}`)).status,
          (await who.ask(`/events/${id}/participants`)).status,
          (await listed(who, `owner=${owner.id}&${day}`)).events.length === 1 ? 200 : 404,
        ];
        expect(new Set(statuses).size, view).toBe(1);
        return statuses[0];
      }),
    );
    expect(Object.fromEntries(views.map((view, at) => [view, seen[at]]))).toEqual(
      Object.fromEntries(views.map((view, at) => [view, expected[at]])),
    );
    // What one cannot see cannot be joined; what one does not own cannot be changed.
    const put = (who: Enrolled | undefined, path: string, body?: object) =>
      (who ?? owner).ask(path, { method: 'PUT', ...(body === undefined ? {} : { body }) });
    expect((await put(blocked, `/events/${id}/participation`, { state: 'going' })).status).toBe(404);
    expect((await put(guest, `/events/${id}`, tea)).status).toBe(403);
    expect((await put(guest, `/events/${id}/invitations/${stranger?.id}`)).status).toBe(403);
    expect((await put(owner, `/events/${id}/invitations/${blocked?.id}`)).status).toBe(404);
    expect((await put(owner, `/events/${id}/invitations/${owner.id}`)).status).toBe(400);
  });

  it('is asked to come, listed with what he answered, and asked no more', async () => {
    const { id } = await made({ visibility: 'invited' });
    const guests = await enrol(door, 3);
    const invitation = (guest: Enrolled) => `/events/${id}/invitations/${guest.id}`;
    for (const guest of [...guests, ...guests])
      expect((await ann.ask(invitation(guest), { method: 'PUT' })).status).toBe(204);
    expect(await factsOf(id, 'gathering.invited')).toHaveLength(3);
    await join(guests[0] ?? ann, id, { state: 'maybe' });
    const first = await (await ann.ask(`/events/${id}/invitations?limit=2`)).json();
    const { guests: one, links } = first as {
      guests: { id: string; state: string | null }[];
      links: { next: string };
    };
    const rest = (await (await ann.ask(links.next)).json()) as {
      guests: { id: string; state: string | null }[];
    };
    const all = [...one, ...rest.guests];
    expect(all.map((guest) => guest.id)).toEqual(guests.map((guest) => guest.id).toSorted());
    expect(all.find((guest) => guest.id === guests[0]?.id)?.state).toBe('maybe');
    expect((await guests[0]?.ask(`/events/${id}/invitations`))?.status).toBe(404);
    const withdraw = () => ann.ask(invitation(guests[1] ?? ann), { method: 'DELETE' });
    expect([(await withdraw()).status, (await withdraw()).status]).toEqual([204, 404]);
    expect((await guests[1]?.ask(`/events/${id}`))?.status).toBe(404);
  });
});

/** The clock goes on, and what is due is done. */
async function ticked(by: string): Promise<void> {
  await door.fixture.shiftClock(by);
  await door.fixture.housekeeping.tick();
  await worker.workOff();
}

describe('reminders', () => {
  it('come once to each, as long before as he wants, not to who declines, and again for the next instance', async () => {
    const [first] = await door.fixture.rows<{ at: Date }>(
      `select date_trunc('second', ledger.ledger_now()) + interval '3 hours' as at`,
    );
    const starts = first?.at.toISOString().slice(0, 19) ?? '';
    const { id } = await made({
      starts,
      ends: undefined,
      zone: 'UTC',
      recurrence: { rule: 'FREQ=DAILY;COUNT=2' },
    });
    const [early, late, never, no] = await enrol(door, 4);
    await join(early ?? ann, id, { state: 'going', remindMinutes: 120 });
    await join(late ?? ann, id, { state: 'maybe', remindMinutes: 30 });
    await join(never ?? ann, id, { state: 'going', remindMinutes: null });
    await join(no ?? ann, id, { state: 'declined', remindMinutes: 120 });
    const reminded = async () => (await factsOf(id, 'gathering.reminded')).map(({ data }) => data.user);
    await ticked('1 minute');
    expect(await reminded()).toEqual([]);
    await ticked('61 minutes');
    expect(await reminded()).toEqual([early?.id]);
    // One that died before it committed did nothing: its delivery comes again.
    await door.fixture.shiftClock('90 minutes');
    await door.fixture.housekeeping.tick();
    const died = await worker.begin('remind-participants');
    await door.fixture.work.fail({
      claim: died.claim,
      failure: { kind: 'transient', code: 'died', message: 'It died.' },
      delayMs: 0,
    });
    await door.fixture.housekeeping.promote();
    await worker.workOff();
    expect(await reminded()).toEqual([early?.id, late?.id]);
    // Two that look at the same time, and a look too many, tell nobody twice.
    await ticked('1 minute');
    await door.fixture.rows(
      'update people.participation set remind_at = ledger.ledger_now() where gathering = $1 and remind_at is not null',
      [id],
    );
    await ticked('1 minute');
    expect(await reminded()).toHaveLength(2);
    // The next day.
    await ticked('24 hours');
    expect((await reminded()).toSorted()).toEqual([early?.id, early?.id, late?.id, late?.id].toSorted());
    await ticked('24 hours');
    await ticked('24 hours');
    expect(await reminded()).toHaveLength(4);
    expect(
      await door.fixture.rows(
        'select from people.participation where gathering = $1 and remind_at is not null',
        [id],
      ),
    ).toEqual([]);
  });

  it('come for the new time when it is moved, and not when it is cancelled', async () => {
    const [at] = await door.fixture.rows<{ soon: Date; later: Date }>(
      `select ledger.ledger_now() + interval '3 hours' as soon, ledger.ledger_now() + interval '30 hours' as later`,
    );
    const local = (date: Date | undefined) => date?.toISOString().slice(0, 19);
    const body = { ...tea, ends: undefined, zone: 'UTC' };
    const [moved, cancelled] = [
      await made({ ...body, starts: local(at?.soon) }),
      await made({ ...body, starts: local(at?.soon) }),
    ];
    const bob = await enrolOne(door);
    for (const { id } of [moved, cancelled]) await join(bob, id, { state: 'going', remindMinutes: 60 });
    await ticked('1 minute');
    await ann.ask(`/events/${moved.id}`, { method: 'PUT', body: { ...body, starts: local(at?.later) } });
    await ann.ask(`/events/${cancelled.id}/cancel`, { method: 'POST' });
    await ticked('150 minutes');
    expect(await factsOf(moved.id, 'gathering.reminded')).toEqual([]);
    await ticked('27 hours');
    expect(await factsOf(moved.id, 'gathering.reminded')).toMatchObject([{ data: { user: bob.id } }]);
    expect(await factsOf(cancelled.id, 'gathering.reminded')).toEqual([]);
  });
});
