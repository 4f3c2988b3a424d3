import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const join = (event: string, account: string, answer: unknown = 'going', remindMinutes: unknown = null) =>
  bench.give('event.join', { event, answer, remindMinutes }, { account });

it('gives the last place to one, lets the other wait, and says each change once', async () => {
  const owner = await bench.somebody();
  const [first, second] = [await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner, { capacity: 1 });
  for (let turn = 0; turn < 2; turn += 1) {
    expect(await join(event, first)).toMatchObject({ status: 200, body: { state: 'going' } });
    expect(await join(event, second)).toMatchObject({ status: 200, body: { state: 'waiting' } });
  }
  // Who only may come has no place.
  expect(await join(event, first, 'maybe')).toMatchObject({ body: { state: 'maybe' } });
  expect(await join(event, first)).toMatchObject({ body: { state: 'waiting' } });
  const said = (user: string, state: string) => ({
    type: 'gathering.answered',
    data: { gathering: event, user, state },
  });
  expect(await bench.facts()).toEqual([
    said(first, 'going'),
    said(second, 'waiting'),
    said(first, 'maybe'),
    { type: 'gathering.promoted', data: { gathering: event, user: second } },
    said(first, 'waiting'),
  ]);
});

it('lets nobody pass those who wait, also where a place is free that nobody left', async () => {
  const owner = await bench.somebody();
  const [gone, waits, late] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner, { capacity: 1 });
  await join(event, gone);
  expect(await join(event, waits)).toMatchObject({ body: { state: 'waiting' } });
  await bench.fixture.rows('delete from people.account where id = $1', [gone]);
  expect(await join(event, late)).toMatchObject({ body: { state: 'waiting' } });
  await bench.facts();
});

it('refuses what cannot be joined', async () => {
  const [owner, guest] = [await bench.somebody(), await bench.somebody()];
  const over = await givenEvent(bench, owner, { starts: '2020-05-01', ends: '2020-05-02', zone: undefined });
  expect(await join(over, guest)).toMatchObject({ status: 409, body: { code: 'event-over' } });
  // Who said so before may still say no.
  expect(await join(over, guest, 'declined')).toMatchObject({ status: 200 });
  const event = await givenEvent(bench, owner);
  for (const [answer, minutes] of [
    ['yes', null],
    ['going', -1],
    ['going', 40_321],
    ['going', 1.5],
  ])
    expect(await join(event, guest, answer, minutes)).toMatchObject({ status: 400 });
  expect(await join(event, 'operator')).toMatchObject({ status: 404 });
  expect(await join(event, randomUUID())).toMatchObject({ status: 404 });
  expect(await join(randomUUID(), guest)).toMatchObject({ status: 404 });
});
