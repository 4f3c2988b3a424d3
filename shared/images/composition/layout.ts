import type { SeededRandom } from '../seeded-random.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The parts of a frame, in pixels. */
export interface FramePlan {
  /** Nothing that matters leaves it: outside is the camera's room and, below, the captions. */
  readonly safe: Box;
  readonly horizon: number;
  readonly foot: number;
  readonly shape: 'landscape' | 'portrait' | 'square';
}

/** Where one object goes. `item` is its rank among the chosen emojis. */
export interface Placement {
  readonly item: number;
  readonly box: Box;
  /** Radians, clockwise. */
  readonly tilt: number;
  readonly role: 'hero' | 'companion' | 'echo';
  /** Lies on a round badge. */
  readonly badge: boolean;
  readonly footing: Footing;
}

/** Whether a thing stands on the ground or hangs in air, water or space. */
export type Footing = 'stands' | 'floats';

/** An object to place. */
export interface Figure {
  /** Width by height. */
  readonly proportion: number;
  /** Hangs in the air wherever it is: a cloud, an aeroplane. */
  readonly flies: boolean;
}

interface Slot {
  readonly item: number;
  /** Centre, and lower edge, as shares of the safe area. */
  readonly x: number;
  readonly y: number;
  /** Longer side as a share of the safe area's shorter side. */
  readonly size: number;
  readonly role: Placement['role'];
  readonly badge?: true;
}

const hero = (x: number, y: number, size: number): Slot => ({ item: 0, x, y, size, role: 'hero' });
const next = (item: number, x: number, y: number, size: number): Slot => ({
  item,
  x,
  y,
  size,
  role: 'companion',
});
const echo = (x: number, y: number, size: number): Slot => ({ item: 0, x, y, size, role: 'echo' });
const badge = (item: number, x: number, y: number, size: number): Slot => ({
  ...next(item, x, y, size),
  badge: true,
});

/** Slots from back to front for wide and for tall frames. */
const wide = {
  solo: [hero(0.5, 1, 0.9)],
  left: [next(2, 0.93, 0.9, 0.36), next(1, 0.7, 0.97, 0.5), hero(0.3, 1, 0.86)],
  right: [next(2, 0.07, 0.9, 0.36), next(1, 0.3, 0.97, 0.5), hero(0.7, 1, 0.86)],
  trio: [next(1, 0.16, 0.95, 0.46), next(2, 0.84, 0.95, 0.46), hero(0.5, 1, 0.78)],
  orbit: [
    badge(1, 0.13, 0.6, 0.3),
    badge(2, 0.87, 0.6, 0.3),
    badge(3, 0.27, 0.22, 0.2),
    badge(4, 0.73, 0.22, 0.2),
    hero(0.5, 1, 0.8),
  ],
  herd: [echo(0.92, 0.86, 0.3), echo(0.1, 0.88, 0.36), echo(0.73, 0.93, 0.46), hero(0.4, 1, 0.8)],
  window: [next(1, 0.76, 0.98, 0.4), hero(0.5, 0.97, 0.8)],
} as const satisfies Readonly<Record<string, readonly Slot[]>>;

const tall = {
  solo: [hero(0.5, 1, 0.98)],
  left: [badge(1, 0.76, 0.34, 0.36), badge(2, 0.2, 0.22, 0.24), hero(0.42, 1, 0.82)],
  right: [badge(1, 0.24, 0.34, 0.36), badge(2, 0.8, 0.22, 0.24), hero(0.58, 1, 0.82)],
  trio: [next(1, 0.15, 0.84, 0.34), next(2, 0.85, 0.84, 0.34), hero(0.5, 1, 0.76)],
  orbit: [
    badge(1, 0.16, 0.42, 0.27),
    badge(2, 0.84, 0.42, 0.27),
    badge(3, 0.5, 0.24, 0.27),
    hero(0.5, 1, 0.78),
  ],
  herd: [echo(0.8, 0.8, 0.28), echo(0.16, 0.84, 0.34), hero(0.52, 1, 0.84)],
  window: [next(1, 0.82, 1, 0.34), hero(0.46, 0.94, 0.78)],
} as const satisfies typeof wide extends Record<infer Name, unknown>
  ? Readonly<Record<Name & string, readonly Slot[]>>
  : never;

const square = {
  ...wide,
  left: [badge(2, 0.88, 0.32, 0.22), next(1, 0.83, 0.97, 0.42), hero(0.36, 1, 0.8)],
  right: [badge(2, 0.12, 0.32, 0.22), next(1, 0.17, 0.97, 0.42), hero(0.64, 1, 0.8)],
  trio: [next(1, 0.13, 0.95, 0.36), next(2, 0.87, 0.95, 0.36), hero(0.5, 1, 0.76)],
  orbit: [
    badge(1, 0.12, 0.5, 0.25),
    badge(2, 0.88, 0.5, 0.25),
    badge(3, 0.3, 0.19, 0.18),
    badge(4, 0.7, 0.19, 0.18),
    hero(0.5, 1, 0.76),
  ],
  herd: [echo(0.9, 0.86, 0.28), echo(0.1, 0.88, 0.34), hero(0.48, 1, 0.84)],
} as const satisfies Readonly<Record<keyof typeof wide, readonly Slot[]>>;

export type CompositionName = keyof typeof wide;

/** Compositions that so many objects can fill. */
export function compositionsFor(items: number): readonly CompositionName[] {
  if (items <= 1) {
    return ['solo', 'herd', 'window'];
  }
  return items === 2
    ? ['left', 'solo', 'right', 'window', 'orbit', 'herd']
    : ['left', 'trio', 'orbit', 'right', 'window', 'solo', 'herd'];
}

/** The safe area, horizon and foot line of a frame. The camera may cut 13 % off any side. */
export function planFrame(width: number, height: number): FramePlan {
  const shape = width > height * 1.15 ? 'landscape' : height > width * 1.15 ? 'portrait' : 'square';
  const [left, top, bottom, horizon] = {
    landscape: [0.135, 0.135, 0.745, 0.6],
    square: [0.135, 0.14, 0.725, 0.57],
    portrait: [0.135, 0.16, 0.66, 0.49],
  }[shape] as [number, number, number, number];
  return {
    safe: {
      x: width * left,
      y: height * top,
      width: width * (1 - 2 * left),
      height: height * (bottom - top),
    },
    horizon: height * horizon,
    foot: height * bottom,
    shape,
  };
}

function keepWithin(box: Box, safe: Box): Box {
  const factor = Math.min(1, safe.width / box.width, safe.height / box.height);
  const [width, height] = [box.width * factor, box.height * factor];
  const x = Math.min(Math.max(box.x + (box.width - width) / 2, safe.x), safe.x + safe.width - width);
  const y = Math.min(Math.max(box.y + box.height - height, safe.y), safe.y + safe.height - height);
  return { x, y, width, height };
}

/** Share of a box that another one covers. */
function hidden(box: Box, cover: Box): number {
  const wide = Math.min(box.x + box.width, cover.x + cover.width) - Math.max(box.x, cover.x);
  const high = Math.min(box.y + box.height, cover.y + cover.height) - Math.max(box.y, cover.y);
  return wide <= 0 || high <= 0 ? 0 : (wide * high) / (box.width * box.height);
}

/**
 * Places objects of given proportions, from back to front. Every box lies within the safe area.
 * Floating things hang a little higher, tilted; slots without an object stay empty, and so do those that the hero would hide.
 */
export function layOut(request: {
  readonly plan: FramePlan;
  readonly composition: CompositionName;
  readonly footing: Footing;
  /** Best match first. */
  readonly figures: readonly Figure[];
  readonly random: SeededRandom;
}): Placement[] {
  const { plan, random, figures } = request;
  const slots = { landscape: wide, portrait: tall, square }[plan.shape][request.composition];
  const base = Math.min(plan.safe.width, plan.safe.height);
  const placed = slots.flatMap((slot: Slot): Placement[] => {
    const figure = figures[slot.item];
    const [lift, turn] = [random.between(0.02, 0.1), random.between(-0.09, 0.09)];
    if (figure === undefined) {
      return [];
    }
    const { proportion } = figure;
    const footing = figure.flies ? 'floats' : request.footing;
    const floating = footing === 'floats' && slot.badge === undefined;
    const longest = base * slot.size;
    const width = proportion >= 1 ? longest : longest * proportion;
    const height = proportion >= 1 ? longest / proportion : longest;
    const bottom = plan.safe.y + plan.safe.height * (slot.y - (floating ? lift : 0));
    const box = { x: plan.safe.x + plan.safe.width * slot.x - width / 2, y: bottom - height, width, height };
    return [
      {
        item: slot.item,
        box: keepWithin(box, plan.safe),
        tilt: floating ? turn : 0,
        role: slot.role,
        badge: slot.badge === true,
        footing,
      },
    ];
  });
  const hero = placed.find(({ role }) => role === 'hero');
  const most = request.composition === 'window' ? 0.5 : 0.3;
  return placed.filter((one) => one === hero || hero === undefined || hidden(one.box, hero.box) <= most);
}
