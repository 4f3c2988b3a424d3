import { afterAll, describe, expect, it } from 'vitest';
import fillPlaces from '../social/fill-places/function.ts';
import remindParticipants from '../social/remind-participants/function.ts';
import { enrol, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor } from './testing/front-door.ts';
import { factsOf, join, made, read, tea } from './testing/gathering.ts';
import { workerAt } from './testing/worker.ts';

const door = await openFrontDoor();
const worker = await workerAt(door, [fillPlaces, remindParticipants]);
const ann = await enrolOne(door);
afterAll(async () => {
  expectNoErrors(door);
  await worker.close();
  await door.close();
});

/** The clock goes on, and what is due is done. */
async function ticked(by: string): Promise<void> {
  await door.fixture.shiftClock(by);
  await door.fixture.housekeeping.tick();
  await worker.workOff();
}

describe('places', () => {
  it('are ten for fifty who ask at once; who leaves lets the next one in, and more places let more in', async () => {
    const { id } = await made({ capacity: 10 }, ann);
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
    const promoted = (await factsOf(door, id, 'gathering.promoted')).map(({ data }) => data.user);
    expect(promoted.toSorted()).toEqual(line.slice(0, 5).toSorted());
    await ann.ask(`/events/${id}`, { method: 'PUT', body: { ...tea, capacity: 12 } });
    expect(await read(ann, id)).toMatchObject({ going: 12, waiting: 33 });
    // Fewer places take none away, and let nobody in.
    await ann.ask(`/events/${id}`, { method: 'PUT', body: { ...tea, capacity: 3 } });
    await going[5]?.ask(`/events/${id}/participation`, { method: 'DELETE' });
    expect(await read(ann, id)).toMatchObject({ going: 11, waiting: 33 });
    await ann.ask(`/events/${id}`, { method: 'PUT', body: tea });
    expect(await read(ann, id)).toMatchObject({ going: 44, waiting: 0 });
    expect(await factsOf(door, id, 'gathering.promoted')).toHaveLength(5 + 2 + 33);
  });

  it('are counted right through a storm of changed minds', async () => {
    const { id } = await made({ capacity: 3 }, ann);
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
    const { id } = await made({ capacity: 1 }, ann);
    const [first, second] = await enrol(door, 2);
    if (first === undefined || second === undefined) throw new Error('nobody');
    await join(first, id);
    expect(await join(second, id)).toBe('waiting');
    expect((await read(second, id)).yours).toMatchObject({ state: 'waiting', ahead: 0 });
    await door.fixture.rows('delete from people.account where id = $1', [first.id]);
    expect(await read(ann, id)).toMatchObject({ going: 0, waiting: 1 });
    await ticked('6 minutes');
    expect((await read(second, id)).yours).toMatchObject({ state: 'going', ahead: null });
    expect(await factsOf(door, id, 'gathering.promoted')).toMatchObject([{ data: { user: second.id } }]);
  });

  async function waitingAt(id: string): Promise<string[]> {
    const answer = await ann.ask(`/events/${id}/participants?state=waiting&limit=100`);
    const page = (await answer.json()) as { participants: { id: string }[] };
    return page.participants.map((one) => one.id);
  }
});

describe('reminders', () => {
  it('come once to each, as long before as he wants, not to who declines, and again for the next instance', async () => {
    const [first] = await door.fixture.rows<{ at: Date }>(
      `select date_trunc('second', ledger.ledger_now()) + interval '3 hours' as at`,
    );
    const starts = first?.at.toISOString().slice(0, 19) ?? '';
    const { id } = await made(
      {
        starts,
        ends: undefined,
        zone: 'UTC',
        recurrence: { rule: 'FREQ=DAILY;COUNT=2' },
      },
      ann,
    );
    const [early, late, never, no] = await enrol(door, 4);
    await join(early ?? ann, id, { state: 'going', remindMinutes: 120 });
    await join(late ?? ann, id, { state: 'maybe', remindMinutes: 30 });
    await join(never ?? ann, id, { state: 'going', remindMinutes: null });
    await join(no ?? ann, id, { state: 'declined', remindMinutes: 120 });
    const reminded = async () => (await factsOf(door, id, 'gathering.reminded')).map(({ data }) => data.user);
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
      await made({ ...body, starts: local(at?.soon) }, ann),
      await made({ ...body, starts: local(at?.soon) }, ann),
    ];
    const bob = await enrolOne(door);
    for (const { id } of [moved, cancelled]) await join(bob, id, { state: 'going', remindMinutes: 60 });
    await ticked('1 minute');
    await ann.ask(`/events/${moved.id}`, { method: 'PUT', body: { ...body, starts: local(at?.later) } });
    await ann.ask(`/events/${cancelled.id}/cancel`, { method: 'POST' });
    await ticked('150 minutes');
    expect(await factsOf(door, moved.id, 'gathering.reminded')).toEqual([]);
    await ticked('27 hours');
    expect(await factsOf(door, moved.id, 'gathering.reminded')).toMatchObject([{ data: { user: bob.id } }]);
    expect(await factsOf(door, cancelled.id, 'gathering.reminded')).toEqual([]);
  });
});
