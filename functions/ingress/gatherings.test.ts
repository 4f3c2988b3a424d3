import { afterAll, describe, expect, it } from 'vitest';
import { type Enrolled, enrol, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { type Event, factsOf, join, listed, made, tea, window } from './testing/gathering.ts';

const door = await openFrontDoor();
const ann = await enrolOne(door);
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

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
    expect(await factsOf(door, event.id, 'gathering.deleted')).toMatchObject([{ data: { users: [bob.id] } }]);
    expect(await factsOf(door, event.id, 'gathering.updated')).toMatchObject([
      { data: { changes: ['place'] } },
    ]);
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
    const { id } = await made({ visibility: 'invited' }, ann);
    const guests = await enrol(door, 3);
    const invitation = (guest: Enrolled) => `/events/${id}/invitations/${guest.id}`;
    for (const guest of [...guests, ...guests])
      expect((await ann.ask(invitation(guest), { method: 'PUT' })).status).toBe(204);
    expect(await factsOf(door, id, 'gathering.invited')).toHaveLength(3);
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
