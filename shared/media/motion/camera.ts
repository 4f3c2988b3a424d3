import type { RandomSource } from './seeded.ts';

/** What the camera sees: 1 is the widest view; x and y from −1 to 1 are the share of the room left beside it. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** Seconds between two of the places that a long scene's camera visits. */
const LEG_SECONDS = 11;
/** Below this length a move is shortened, so that it is never hasty. */
const FULL_MOVE_SECONDS = 6;
/** Speed at a scene's ends against its mean: eased, yet never at rest. */
const END_SPEED = 0.55;

const MOVES = ['push-in', 'pull-out', 'drift-left', 'drift-right', 'rise', 'sink', 'diagonal'] as const;
export type Move = (typeof MOVES)[number];

/** A slow camera path: for a moment from 0 to 1 of the scene, the view. Chosen by `random` alone. */
export function cameraPath({
  seconds,
  random,
}: {
  seconds: number;
  random: RandomSource;
}): (at: number) => View {
  const move = MOVES[Math.floor(random() * MOVES.length)] ?? 'push-in';
  const keys = placesOf({ move, seconds, random });
  return (at) => alongSpline(keys, Math.min(1, Math.max(0, at)));
}

/** The places that the camera visits, the first and the last included. */
export function placesOf({
  move,
  seconds,
  random,
}: {
  move: Move;
  seconds: number;
  random: RandomSource;
}): View[] {
  const reach = Math.min(1, Math.max(0.4, seconds / FULL_MOVE_SECONDS));
  const places = [...firstLeg(move, reach, random)];
  const legs = Math.max(1, Math.round(seconds / LEG_SECONDS));
  for (let leg = 1; leg < legs; leg++) {
    const [before, from] = places.slice(-2);
    if (before && from) places.push(nextPlace(before, from, random));
  }
  return places;
}

function firstLeg(move: Move, reach: number, random: RandomSource): [View, View] {
  const side = (most: number): number => (random() * 2 - 1) * most;
  const wide = { zoom: 1.03, x: side(0.5), y: side(0.5) };
  const near = { zoom: 1.03 + 0.13 * reach, x: side(0.6), y: side(0.6) };
  const level = 1.13;
  const far = 0.75 * reach;
  switch (move) {
    case 'push-in':
      return [wide, near];
    case 'pull-out':
      return [near, wide];
    case 'drift-left':
      return [
        { zoom: level, x: far, y: side(0.3) },
        { zoom: level + 0.03, x: -far, y: side(0.3) },
      ];
    case 'drift-right':
      return [
        { zoom: level, x: -far, y: side(0.3) },
        { zoom: level + 0.03, x: far, y: side(0.3) },
      ];
    case 'rise':
      return [
        { zoom: level, x: side(0.3), y: far },
        { zoom: level + 0.03, x: side(0.3), y: -far },
      ];
    case 'sink':
      return [
        { zoom: level, x: side(0.3), y: -far },
        { zoom: level + 0.03, x: side(0.3), y: far },
      ];
    case 'diagonal': {
      const [x, y] = [random() < 0.5 ? -far : far, random() < 0.5 ? -far : far];
      return [
        { zoom: 1.06, x, y },
        { zoom: 1.06 + 0.09 * reach, x: -x, y: -y * (0.5 + random() * 0.5) },
      ];
    }
  }
}

/**
 * A quarter of the way round the picture, so that a long scene goes on moving; on the side farther from where
 * the camera came from, so that it never turns on the spot.
 */
function nextPlace(before: View, from: View, random: RandomSource): View {
  const zoom = from.zoom > 1.11 ? 1.07 + random() * 0.03 : 1.13 + random() * 0.03;
  const angle = Math.atan2(from.y, from.x);
  const turn = 1.4 + random() * 0.6;
  const far = 0.55 + random() * 0.2;
  const [left, right] = [angle + turn, angle - turn].map((to) => ({
    x: far * Math.cos(to),
    y: far * Math.sin(to),
  }));
  const away = (place: { x: number; y: number }): number =>
    Math.hypot(place.x - before.x, place.y - before.y);
  return left && right ? { zoom, ...(away(left) > away(right) ? left : right) } : from;
}

/** Cubic Hermite through the places (zoom on a logarithmic scale, as the eye takes it). */
function alongSpline(keys: readonly View[], at: number): View {
  const legs = keys.length - 1;
  const leg = Math.min(legs - 1, Math.floor(at * legs));
  const t = at * legs - leg;
  const pick = (of: (view: View) => number): number => {
    const values = keys.map(of);
    const value = (index: number): number => values[index] ?? 0;
    const slope = (index: number): number => {
      if (index === 0) return END_SPEED * (value(1) - value(0));
      if (index === legs) return END_SPEED * (value(legs) - value(legs - 1));
      return (value(index + 1) - value(index - 1)) / 2;
    };
    const [t2, t3] = [t * t, t * t * t];
    return (
      value(leg) * (2 * t3 - 3 * t2 + 1) +
      slope(leg) * (t3 - 2 * t2 + t) +
      value(leg + 1) * (3 * t2 - 2 * t3) +
      slope(leg + 1) * (t3 - t2)
    );
  };
  const within = (value: number): number => Math.min(1, Math.max(-1, value));
  return {
    zoom: Math.max(1, Math.exp(pick((view) => Math.log(view.zoom)))),
    x: within(pick((view) => view.x)),
    y: within(pick((view) => view.y)),
  };
}
