/**
 * What a host works on, in memory that it shares with the thread that watches over it: writing there costs next to
 * nothing, where a message costs more than a quick delivery, and the thread can read it while the work lets go of
 * nothing.
 */
export interface WatchTable {
  /** For the other thread: {@link openWatchTable} on it reads and writes the same table. */
  readonly memory: SharedArrayBuffer;
  /**
   * @param delivery uuid
   * @param deadline as {@link sharedNow}
   * @returns the place that {@link WatchTable.end} frees
   * @throws Error all places are taken
   */
  begin(delivery: string, deadline: number): number;
  end(place: number): void;
  /** What is in work now. `turn` tells two deliveries apart that had the same place. */
  running(): readonly Watched[];
}

export interface Watched {
  readonly place: number;
  readonly turn: number;
  readonly delivery: string;
  readonly deadline: number;
}

/** More than any profile's concurrency. */
const PLACES = 4_096;
const TURN_BYTES = 4;
const DEADLINE_BYTES = 8;
const ID_BYTES = 16;

/** Milliseconds of a clock that never goes back and that all threads of a process share. */
export function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}

export function openWatchTable(
  memory = new SharedArrayBuffer(PLACES * (TURN_BYTES + DEADLINE_BYTES + ID_BYTES)),
): WatchTable {
  const deadlines = new Float64Array(memory, 0, PLACES);
  const ids = Buffer.from(memory, PLACES * DEADLINE_BYTES, PLACES * ID_BYTES);
  /** 0: free. Else which delivery of this place it is. */
  const turns = new Int32Array(memory, PLACES * (DEADLINE_BYTES + ID_BYTES), PLACES);
  const free = Array.from({ length: PLACES }, (_, index) => PLACES - 1 - index);
  let lastTurn = 0;

  function read(place: number): Watched | undefined {
    const turn = Atomics.load(turns, place);
    if (turn === 0) return undefined;
    const hex = ids.toString('hex', place * ID_BYTES, (place + 1) * ID_BYTES);
    const deadline = deadlines[place] ?? Number.POSITIVE_INFINITY;
    // Written again meanwhile: the next look sees it.
    if (Atomics.load(turns, place) !== turn) return undefined;
    return { place, turn, delivery: uuidOf(hex), deadline };
  }

  return {
    memory,
    begin(delivery, deadline) {
      const place = free.pop();
      if (place === undefined) throw new Error(`A host works on ${PLACES} deliveries at most.`);
      ids.write(delivery.replaceAll('-', ''), place * ID_BYTES, 'hex');
      deadlines[place] = deadline;
      lastTurn = (lastTurn % 0x7fff_ffff) + 1;
      // Last: whoever sees the turn sees all of it.
      Atomics.store(turns, place, lastTurn);
      return place;
    },
    end(place) {
      Atomics.store(turns, place, 0);
      free.push(place);
    },
    running: () => Array.from(turns.keys()).flatMap((place) => read(place) ?? []),
  };
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
