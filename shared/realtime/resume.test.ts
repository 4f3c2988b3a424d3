import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLog } from '#shared/telemetry';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { createCatchUp } from './catch-up.ts';
import { createDelivery } from './delivery.ts';
import { createHeardReader, type HeardReader } from './heard.ts';
import { publish } from './publish.ts';
import { createSeats, type Seat } from './seat.ts';

const log = createLog({ service: 'test', destination: { write: () => undefined } });
const bench: CommandBench = await createCommandBench();
const seats = createSeats({ onEnd: () => undefined });
let heard: HeardReader;
let alice = '';
beforeAll(() => {
  heard = createHeardReader({ pool: bench.fixture.pool });
});
beforeEach(async () => {
  alice = await bench.somebody();
  for (let n = 1; n <= 3; n += 1)
    await bench.within((tx) => publish(tx, { to: [alice], type: 'message.sent', data: { n } }));
});
afterAll(() => bench.close());

/** Somebody of hers who has heard all up to there, and what he is sent. */
function sits(
  after: bigint | undefined,
  { isLive = true, waiting = 0 } = {},
): { seat: Seat; told: string[] } {
  const told: string[] = [];
  const seat = seats.add(
    { waiting, send: ({ body }) => void told.push(`${body.type} ${body.cursor}`), end: () => undefined },
    { account: alice, expiresAt: new Date('2100-01-01'), after },
  );
  seat.isLive = isLive;
  return { seat, told };
}

async function delivered(): Promise<readonly Seat[]> {
  const gaps: Seat[] = [];
  const delivery = createDelivery({ seats, heard, log, onGap: (seat) => void gaps.push(seat) });
  const last = [...seats.of(alice)].at(0);
  delivery.wake([alice]);
  await expect.poll(() => last?.cursor === 3n || last?.isLive === false, { timeout: 20_000 }).toBe(true);
  await delivery.stop();
  return gaps;
}

it('two of one person, of whom one is ahead, each hear what they have not heard', async () => {
  const [behind, ahead] = [sits(0n), sits(2n)];
  expect(await delivered()).toEqual([]);
  expect(behind.told).toEqual(['message.sent 1', 'message.sent 2', 'message.sent 3']);
  expect(ahead.told).toEqual(['message.sent 3']);
});

it('who was live, and whose next one is not kept any more, is told nothing until he is brought up to now', async () => {
  await bench.fixture.rows('delete from people.heard where account = $1 and position = 1', [alice]);
  const { seat, told } = sits(0n);
  expect(await delivered()).toEqual([seat]);
  expect([told, seat.isLive]).toEqual([[], false]);
  await createCatchUp({ seats, heard }).again(seat);
  expect([told, seat.isLive, seat.cursor]).toEqual([['reset 3'], true, 3n]);
});

it('who was live, and takes less than comes, is told the rest when he has taken what waits', async () => {
  const { seat, told } = sits(0n, { waiting: 65_537 });
  expect(await delivered()).toEqual([seat]);
  expect([told, seat.isLive, seat.cursor]).toEqual([[], false, 0n]);
});

it('who comes with a cursor that was never given out begins anew, and hears what comes then', async () => {
  const { seat, told } = sits(99n, { isLive: false });
  await createCatchUp({ seats, heard }).greet(seat);
  expect([told, seat.cursor]).toEqual([['hello 3', 'reset 3'], 3n]);
});
