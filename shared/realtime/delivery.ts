import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#shared/telemetry';
import { EACH_AT_MOST, type Heard, type HeardReader } from './heard.ts';
import { hasRoom, type Seat, type Seats } from './seat.ts';

const ACCOUNTS_AT_ONCE = 500;
const LONGEST_WAIT_MS = 5_000;

/** Carries what was told to those who are live. */
export interface Delivery {
  /** There may be something for them. */
  wake(accounts: Iterable<string>): void;
  /** Settles when nothing is under way. */
  stop(): Promise<void>;
}

/**
 * One look at a time for everybody who was named since the last one: the busier it is, the more each look serves.
 *
 * @param onGap he was live, and what comes next for him is not kept any more, or has no room before he takes more
 */
export function createDelivery(options: {
  seats: Seats;
  heard: HeardReader;
  log: Log;
  onGap: (seat: Seat) => void;
}): Delivery {
  const { seats, heard, log, onGap } = options;
  const named = new Set<string>();
  let running: Promise<void> | undefined;
  const stopping = new AbortController();

  async function look(accounts: readonly string[]): Promise<void> {
    const from = new Map<string, bigint>();
    for (const account of accounts)
      for (const { isLive, cursor } of seats.of(account))
        if (isLive && cursor !== undefined && cursor < (from.get(account) ?? cursor + 1n))
          from.set(account, cursor);
    if (from.size === 0) return;
    const found = Map.groupBy(await heard.afterEach(from), ({ account }) => account);
    for (const [account, rows] of found) {
      for (const seat of seats.of(account)) if (seat.isLive) hand(seat, rows);
      if (rows.length === EACH_AT_MOST) named.add(account);
    }
  }

  function hand(seat: Seat, rows: readonly Heard[]): void {
    for (const { position, frame } of rows) {
      const cursor = seat.cursor ?? position - 1n;
      if (position <= cursor) continue;
      if (position !== cursor + 1n || !hasRoom(seat)) {
        seat.isLive = false;
        onGap(seat);
        return;
      }
      seats.send(seat, frame);
      seat.cursor = position;
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (named.size > 0 && !stopping.signal.aborted) {
      const accounts = [...named].slice(0, ACCOUNTS_AT_ONCE);
      for (const account of accounts) named.delete(account);
      try {
        await look(accounts);
        failures = 0;
      } catch (error) {
        // Connections stay: what was told meanwhile is found then.
        for (const account of accounts) named.add(account);
        log.warn({ error, failures }, 'what people are told could not be read; trying again');
        const ms = Math.min(LONGEST_WAIT_MS, 100 * 2 ** failures);
        await sleep(ms, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
        failures = Math.min(failures + 1, 10);
      }
    }
    running = undefined;
  }

  return {
    wake(accounts) {
      for (const account of accounts) if (seats.count(account) > 0) named.add(account);
      if (named.size > 0 && !stopping.signal.aborted) running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
