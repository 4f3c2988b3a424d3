import type { CloudEvent } from '../data-plane/cloud-event.ts';

/** What becomes of wake-ups, each for as many as its turn comes. */
const FATES = {
  lost: [],
  doubled: [0, 0],
  late: [4_000],
  // Long after the work is done.
  'doubled, and late': [0, 20_000],
  delivered: [0],
} as const satisfies Record<string, readonly number[]>;

export interface Fates {
  /** Milliseconds after which each copy of an accepted event is delivered. */
  of(event: CloudEvent): readonly number[];
  /** How many met each fate. */
  readonly met: Readonly<Record<keyof typeof FATES, number>>;
  /** From now on every event is delivered once, at once. */
  end(): void;
}

/** Every function's first wake-up meets another fate, its next ones those that follow. */
export function createFates(): Fates {
  const names = Object.keys(FATES) as (keyof typeof FATES)[];
  const next = new Map<string, number>();
  const met = { lost: 0, doubled: 0, late: 0, 'doubled, and late': 0, delivered: 0 };
  let isOver = false;
  return {
    met,
    of({ attributes: { function: name = '' } }) {
      if (isOver) return FATES.delivered;
      const turn = next.get(name) ?? next.size;
      next.set(name, turn + 1);
      const fate = names[turn % names.length] ?? 'delivered';
      met[fate] += 1;
      return FATES[fate];
    },
    end() {
      isOver = true;
    },
  };
}
