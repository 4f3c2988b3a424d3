import type { Frame } from './frame.ts';
import type { EndReason, Listener, Peer } from './peer.ts';

/** Somebody who listens, until he ends. */
export interface Seat {
  readonly account: string;
  readonly session: string | undefined;
  readonly expiresAt: Date;
  readonly peer: Peer;
  /** He has heard all up to here; nothing yet where undefined. */
  cursor: bigint | undefined;
  /** Whether he has heard `hello`: nothing goes before it. */
  isGreeted: boolean;
  /** Whether he has caught up: what comes now is for him. */
  isLive: boolean;
  isOver: boolean;
}

/** Bytes that may wait for one listener, whatever they are. */
export const MOST_WAITING = 1024 * 1024;
/** What is kept is sent while no more waits than this: it can be read again, and need not wait in memory. */
const ROOM = 64 * 1024;

export function hasRoom({ peer }: Seat): boolean {
  return peer.waiting <= ROOM;
}

/** Everybody who listens in this process. */
export interface Seats {
  readonly size: number;
  of(account: string): Iterable<Seat>;
  all(): Iterable<Seat>;
  accounts(): IterableIterator<string>;
  count(account: string): number;
  add(peer: Peer, listener: Listener): Seat;
  /** Ends it, once. */
  end(seat: Seat, why: EndReason): void;
  /** Sends to one; who takes too little ends. */
  send(seat: Seat, frame: Frame): void;
}

export function createSeats({ onEnd }: { onEnd: (why: EndReason) => void }): Seats {
  const byAccount = new Map<string, Set<Seat>>();
  let size = 0;

  function end(seat: Seat, why: EndReason): void {
    if (seat.isOver) return;
    seat.isOver = true;
    size -= 1;
    const own = byAccount.get(seat.account);
    own?.delete(seat);
    if (own?.size === 0) byAccount.delete(seat.account);
    if (why !== 'left') seat.peer.end(why);
    onEnd(why);
  }

  return {
    get size() {
      return size;
    },
    of: (account) => [...(byAccount.get(account) ?? [])],
    all: () => [...byAccount.values()].flatMap((seats) => [...seats]),
    accounts: () => byAccount.keys(),
    count: (account) => byAccount.get(account)?.size ?? 0,
    add(peer, { account, session, expiresAt, after }) {
      const seat: Seat = {
        ...{ account, session, expiresAt, peer, cursor: after },
        ...{ isGreeted: false, isLive: false, isOver: false },
      };
      const own = byAccount.get(account) ?? new Set();
      own.add(seat);
      byAccount.set(account, own);
      size += 1;
      return seat;
    },
    end,
    send(seat, frame) {
      if (seat.isOver) return;
      seat.peer.send(frame);
      if (seat.peer.waiting > MOST_WAITING) end(seat, 'too-slow');
    },
  };
}
