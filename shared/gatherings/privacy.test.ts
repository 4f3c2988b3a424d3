import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { givenEvent } from '../../test/given-event.ts';
import { createGatherings, type Gatherings } from './gatherings.ts';
import { holdGathering } from './hold.ts';
import { type Answer, participate } from './participate.ts';

const bench: CommandBench = await createCommandBench();
const gatherings: Gatherings = createGatherings({ pool: bench.fixture.pool });
afterAll(() => bench.close());

let owner = '';
let guest = '';
beforeEach(async () => {
  [owner, guest] = [await bench.somebody(), await bench.somebody()];
});

const answers = (gathering: string, account: string, answer: Answer = 'going') =>
  bench.within(async (tx) => {
    const held = await holdGathering(tx, { id: gathering, account });
    return await participate(tx, { held, account, answer, remindMinutes: null });
  });
/** Of tea's day. */
const calendarOf = (viewer: string) =>
  gatherings.instances({
    ...{ viewer, from: new Date('2030-05-01'), to: new Date('2030-05-03'), limit: 10 },
  });

it.each([
  ['accepted', true],
  ['requested', false],
])('an event for followers is seen by one whose request is %s: %s', async (state, isSeen) => {
  const id = await givenEvent(bench, owner, { visibility: 'followers' });
  await bench.fixture.rows('insert into people.follow (follower, followed, state) values ($1, $2, $3)', [
    ...[guest, owner, state],
  ]);
  expect((await gatherings.find({ id, viewer: guest })) !== undefined).toBe(isSeen);
});

describe('of those who come', () => {
  it.each([
    ['whom he blocked', 0],
    ['who blocked him', 1],
  ])('nobody is shown one %s', async (_, who) => {
    const gathering = await givenEvent(bench, owner);
    const other = await bench.somebody();
    for (const account of [guest, other]) await answers(gathering, account);
    const pair = who === 0 ? [guest, other] : [other, guest];
    await bench.fixture.rows('insert into people.block (blocker, blocked) values ($1, $2)', pair);
    const shown = async (viewer: string) =>
      (await gatherings.participants({ gathering, state: 'going', viewer, limit: 10 })).map(({ id }) => id);
    expect(await shown(guest)).toEqual([guest]);
    expect(await shown(owner)).toEqual([guest, other]);
  });
});

describe('one’s own calendar', () => {
  it.each<[Answer, number]>([
    ['going', 1],
    ['maybe', 1],
    ['declined', 0],
  ])('of who answered %s has it %i times', async (answer, times) => {
    const gathering = await givenEvent(bench, owner);
    await answers(gathering, guest, answer);
    expect(await calendarOf(guest)).toHaveLength(times);
    // Also of who was asked to come.
    await bench.fixture.rows('insert into people.invitation (gathering, account) values ($1, $2)', [
      ...[gathering, guest],
    ]);
    expect(await calendarOf(guest)).toHaveLength(times);
  });
});
