import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { givenEvent, tea } from '../../test/given-event.ts';
import { gatheringCommand, readContent } from './content.ts';
import { holdGathering, holdOwn } from './hold.ts';
import { moveInstance } from './move-instance.ts';
import { leave, participate } from './participate.ts';
import { takeReminders } from './reminders.ts';
import { placeInTime } from './when.ts';
import { updateGathering } from './write.ts';

const MINUTE_MS = 60_000;
const bench: CommandBench = await createCommandBench();
afterAll(() => bench.close());

let began = new Date();
let owner = '';
let guest = '';
beforeEach(async () => {
  const [row] = await bench.fixture.rows<{ now: Date }>(
    `select date_trunc('second', ledger.ledger_now()) as now`,
  );
  began = row?.now ?? began;
  [owner, guest] = [await bench.somebody(), await bench.somebody()];
});

/** So many minutes after the test began, as a wall clock of UTC shows it. */
const at = (minutes: number): string =>
  new Date(began.getTime() + minutes * MINUTE_MS).toISOString().slice(0, 19);
const times = (minutes: number) => ({ starts: at(minutes), ends: undefined, zone: 'UTC' });
const given = (minutes: number, more: object = {}) =>
  givenEvent(bench, owner, { ...times(minutes), ...more });

/** Wants to be reminded an hour before. */
const joins = (gathering: string, account = guest) =>
  bench.within(async (tx) => {
    const held = await holdGathering(tx, { id: gathering, account });
    return await participate(tx, { held, account, answer: 'going', remindMinutes: 60 });
  });
const changes = (gathering: string, minutes: number) =>
  bench.within(async (tx) => {
    const held = await holdOwn(tx, { id: gathering, account: owner });
    const content = readContent(gatheringCommand.parse({ ...tea, ...times(minutes) }));
    return await updateGathering(tx, { held, content });
  });
const moves = (gathering: string, from: number, to: number | 'cancelled') =>
  bench.within(async (tx) => {
    const held = await holdOwn(tx, { id: gathering, account: owner });
    const content = {
      ...{ title: undefined, place: undefined },
      status: to === 'cancelled' ? ('cancelled' as const) : ('scheduled' as const),
      times: to === 'cancelled' ? undefined : placeInTime(times(to)),
    };
    return await moveInstance(tx, { held, id: randomUUID(), recurrenceId: at(from), content });
  });
/** Starts that a tick reminds of. */
const ticks = async (): Promise<readonly string[]> =>
  (await bench.within((tx) => takeReminders(tx, 100))).map(({ startsAt }) =>
    startsAt.toISOString().slice(0, 19),
  );
const later = (minutes: number) => bench.fixture.shiftClock(`${minutes} minutes`);

const twice = { recurrence: { rule: 'FREQ=DAILY;COUNT=2' } };
const DAY = 1_440;

describe('of a series', () => {
  it('an instance that is cancelled is not reminded of, the next one is', async () => {
    const gathering = await given(180, twice);
    await joins(gathering);
    expect(await ticks()).toEqual([]);
    await moves(gathering, 180, 'cancelled');
    await later(130);
    expect(await ticks()).toEqual([]);
    await later(DAY);
    expect(await ticks()).toEqual([at(180 + DAY)]);
  });

  it('an instance that is moved to an earlier time is reminded of before that', async () => {
    const gathering = await given(180 + DAY, twice);
    await joins(gathering);
    expect(await ticks()).toEqual([]);
    await moves(gathering, 180 + DAY, 180);
    await later(130);
    expect(await ticks()).toEqual([at(180)]);
    await later(DAY);
    expect(await ticks()).toEqual([]);
    await later(DAY);
    expect(await ticks()).toEqual([at(180 + 2 * DAY)]);
  });
});

it('of what is far away comes, though nobody looks so far ahead now', async () => {
  const gathering = await given(500 * DAY);
  await joins(gathering);
  expect(await ticks()).toEqual([]);
  await later(301 * DAY);
  expect(await ticks()).toEqual([]);
  await later(199 * DAY - 30);
  expect(await ticks()).toEqual([at(500 * DAY)]);
});

describe('a reminder does not come', () => {
  it('again where what it told of is moved by a few minutes', async () => {
    const gathering = await given(180);
    await joins(gathering);
    expect(await ticks()).toEqual([]);
    await later(130);
    expect(await ticks()).toEqual([at(180)]);
    await changes(gathering, 185);
    expect(await ticks()).toEqual([]);
  });

  it('too late: what has begun is over for it, also where nobody ticked for a while', async () => {
    const gathering = await given(180, twice);
    await joins(gathering);
    expect(await ticks()).toEqual([]);
    await later(181);
    expect(await ticks()).toEqual([]);
    await later(DAY - 30);
    expect(await ticks()).toEqual([at(180 + DAY)]);
  });

  it('to who moves up to a place within his time, who is told of that', async () => {
    const gathering = await given(180, { capacity: 1 });
    const first = await bench.somebody();
    await joins(gathering, first);
    expect(await joins(gathering)).toMatchObject({ state: 'waiting' });
    await later(150);
    await ticks();
    const { promoted } = await bench.within(async (tx) => {
      const held = await holdGathering(tx, { id: gathering, account: first });
      return await leave(tx, { held, account: first });
    });
    expect(promoted).toEqual([guest]);
    expect(await ticks()).toEqual([]);
  });
});
