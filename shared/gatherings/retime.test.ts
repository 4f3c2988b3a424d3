import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { givenEvent, tea } from '../../test/given-event.ts';
import { gatheringCommand, readContent } from './content.ts';
import { holdOwn } from './hold.ts';
import { takeReminders } from './reminders.ts';
import { remindOthersAnew } from './retime.ts';
import { cancelGathering, deleteGathering, updateGathering } from './write.ts';

const MINUTE_MS = 60_000;
/** What one transaction takes, and some more. */
const [PIECE, REST] = [5_000, 300];
const bench: CommandBench = await createCommandBench();
afterAll(() => bench.close());

let owner = '';
beforeAll(async () => {
  owner = await bench.somebody();
  await bench.fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n || '@e.org', 'guest' || n, 'n', 'none'
     from generate_series(1, $1::int) n`,
    [PIECE + REST],
  );
});

let began = new Date();
let event = '';
/** An event in three hours, of which all want to be reminded an hour before. */
beforeEach(async () => {
  await bench.fixture.rows('delete from people.gathering');
  const [row] = await bench.fixture.rows<{ now: Date }>(
    `select date_trunc('second', ledger.ledger_now()) as now`,
  );
  began = row?.now ?? began;
  event = await givenEvent(bench, owner, times(180));
  await bench.fixture.rows(
    `insert into people.participation (gathering, account, state, remind_minutes, remind_at, reminded_until)
     select $1, id, 'going', 60, $2, ledger.ledger_now() + interval '1 minute'
     from people.account where handle like 'guest%'`,
    [event, after(120)],
  );
});

const after = (minutes: number): Date => new Date(began.getTime() + minutes * MINUTE_MS);
const times = (minutes: number) => ({
  starts: after(minutes).toISOString().slice(0, 19),
  ends: undefined,
  zone: 'UTC',
});
const moves = (minutes: number) =>
  bench.within(async (tx) => {
    const held = await holdOwn(tx, { id: event, account: owner });
    await updateGathering(tx, {
      held,
      content: readContent(gatheringCommand.parse({ ...tea, ...times(minutes) })),
    });
  });
const goesOn = () => bench.within(remindOthersAnew);
const tells = async () => (await bench.within((tx) => takeReminders(tx, 20_000))).length;
/** How many are looked at so many minutes after the test began; null: never. */
async function looks(): Promise<ReadonlyMap<number | null, number>> {
  const rows = await bench.fixture.rows<{ at: Date | null; guests: number }>(
    'select remind_at as at, count(*)::int as guests from people.participation where gathering = $1 group by 1',
    [event],
  );
  return new Map(
    rows.map(({ at, guests }) => [at && (at.getTime() - began.getTime()) / MINUTE_MS, guests] as const),
  );
}

describe('an event with more guests than one transaction takes', { timeout: 120_000 }, () => {
  it('is moved at once, and its guests follow in pieces: stopped in one, or many at a time', async () => {
    await moves(300);
    const half = new Map([
      [120, REST],
      [240, PIECE],
    ]);
    expect(await looks()).toEqual(half);
    const dying = bench.within(async (tx) => {
      await remindOthersAnew(tx);
      throw new Error('killed');
    });
    await expect(dying).rejects.toThrow('killed');
    expect(await looks()).toEqual(half);
    await Promise.all([goesOn(), goesOn(), goesOn()]);
    expect(await looks()).toEqual(new Map([[240, PIECE + REST]]));
    expect(await bench.fixture.rows('select from people.retimed')).toEqual([]);
  });

  it('is moved again before all followed: it begins again', async () => {
    await moves(300);
    await moves(400);
    expect(await looks()).toEqual(
      new Map([
        [120, REST],
        [340, PIECE],
      ]),
    );
    await goesOn();
    expect(await looks()).toEqual(new Map([[340, PIECE + REST]]));
  });

  it('tells nobody of a time that is no more, whoever looks first', async () => {
    await moves(300);
    await bench.fixture.shiftClock('125 minutes');
    expect(await tells()).toBe(0);
    await goesOn();
    expect(await tells()).toBe(0);
    await bench.fixture.shiftClock('120 minutes');
    expect(await tells()).toBe(PIECE + REST);
  });

  it('is moved to within the time of all: nobody needs a reminder, also of those who follow later', async () => {
    await bench.fixture.rows('update people.participation set remind_at = ledger.ledger_now()');
    await moves(40);
    expect(await tells()).toBe(0);
    await bench.fixture.shiftClock('5 minutes');
    await goesOn();
    expect(await tells()).toBe(0);
    expect(await looks()).toEqual(new Map([[null, PIECE + REST]]));
  });

  it('is moved to an earlier time, which comes before they followed: they are told with the next tick', async () => {
    await moves(70);
    await bench.fixture.shiftClock('15 minutes');
    expect(await tells()).toBe(PIECE);
    await goesOn();
    expect(await tells()).toBe(REST);
    expect(await tells()).toBe(0);
  });

  it('is cancelled at once, and then nobody of them is looked at any more', async () => {
    await bench.within(async (tx) => {
      await cancelGathering(tx, await holdOwn(tx, { id: event, account: owner }));
    });
    expect(await looks()).toEqual(
      new Map([
        [120, REST],
        [null, PIECE],
      ]),
    );
    await goesOn();
    expect(await looks()).toEqual(new Map([[null, PIECE + REST]]));
  });

  it('is deleted before all followed: nothing is left to go on with', async () => {
    await moves(300);
    await bench.within(async (tx) => {
      await deleteGathering(tx, await holdOwn(tx, { id: event, account: owner }));
    });
    await goesOn();
    expect(await bench.fixture.rows('select from people.retimed')).toEqual([]);
    const [asked] = await bench.fixture.rows<{ due: boolean }>('select people.reminders_due() as due');
    expect(asked).toEqual({ due: false });
  });
});
