import { setTimeout as sleep } from 'node:timers/promises';
import { helloFrame, resetFrame } from './frame.ts';
import type { HeardReader } from './heard.ts';
import { hasRoom, type Seat, type Seats } from './seat.ts';

/** What is read of it waits here for somebody slow: at most some hundred KB. */
const PAGE = 50;
const LOOK_MS = 20;
/** Who leaves more waiting than there is room for, so long, is too slow. */
const PATIENCE_MS = 30_000;

/** Brings somebody from where he was to now. */
export interface CatchUp {
  /** Greets him first: with the cursor that he goes on from. Afterwards he is live. */
  greet(seat: Seat): Promise<void>;
  /** Without a greeting, for one who was live and missed something. */
  again(seat: Seat): Promise<void>;
}

export function createCatchUp({ seats, heard }: { seats: Seats; heard: HeardReader }): CatchUp {
  async function reset(seat: Seat): Promise<void> {
    const last = await heard.last(seat.account);
    seats.send(seat, resetFrame(last));
    seat.cursor = last;
  }

  async function catchUp(seat: Seat, last: bigint): Promise<void> {
    while (!seat.isOver) {
      const from = seat.cursor ?? last;
      const page = await heard.after(seat.account, from, PAGE);
      const [first] = page;
      // Positions have no gaps: one that is missing is not kept any more.
      const isComplete = first === undefined ? from >= last : first.position === from + 1n;
      if (!isComplete) await reset(seat);
      else
        for (const { position, frame } of page) {
          await room(seat);
          if (seat.isOver) return;
          seats.send(seat, frame);
          seat.cursor = position;
        }
      if (isComplete && page.length < PAGE) break;
    }
    seat.isLive = true;
  }

  async function room(seat: Seat): Promise<void> {
    for (let waited = 0; !seat.isOver && !hasRoom(seat); waited += LOOK_MS) {
      if (waited >= PATIENCE_MS) seats.end(seat, 'too-slow');
      await sleep(LOOK_MS, undefined, { ref: false });
    }
  }

  return {
    async greet(seat) {
      const last = await heard.last(seat.account);
      // A cursor that was never given out: of another database, or of one that was restored.
      const isKnown = seat.cursor === undefined || seat.cursor <= last;
      seat.cursor ??= last;
      seats.send(seat, helloFrame(isKnown ? seat.cursor : last));
      seat.isGreeted = true;
      if (!isKnown) await reset(seat);
      await catchUp(seat, last);
    },
    async again(seat) {
      await catchUp(seat, await heard.last(seat.account));
    },
  };
}
