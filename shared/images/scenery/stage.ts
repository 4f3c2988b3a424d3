import type { SKRSContext2D } from '@napi-rs/canvas';
import { faded, type Hex, mix } from '../color.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Mood } from './mood.ts';

/** Where scenery is painted. Lengths are pixels; light comes from the upper left in every picture. */
export interface Stage {
  readonly ctx: SKRSContext2D;
  readonly width: number;
  readonly height: number;
  /** Where the ground meets the sky. */
  readonly horizon: number;
  /** Where the hero's feet stand; below it the picture stays calm for captions. */
  readonly foot: number;
  /** The shorter side: sizes are shares of it. */
  readonly unit: number;
  readonly mood: Mood;
  readonly random: SeededRandom;
}

/** A local colour in the mood's light: `distance` 0 is near, 1 is lost in haze. */
export function lit(stage: Stage, local: Hex, distance: number): Hex {
  const { mood } = stage;
  return mix(mix(local, mood.shadow, mood.depth), mood.haze, distance);
}

/** Fills a rectangle from top to bottom with evenly spaced colours. */
export function fillDown(stage: Stage, top: number, bottom: number, colors: readonly Hex[]): void {
  const { ctx, width } = stage;
  const gradient = ctx.createLinearGradient(0, top, 0, bottom);
  for (const [at, color] of colors.entries()) {
    gradient.addColorStop(colors.length === 1 ? 0 : at / (colors.length - 1), color);
  }
  ctx.fillStyle = gradient;
  ctx.fillRect(0, top, width, bottom - top);
}

/** A soft glow. */
export function glow(
  stage: Stage,
  at: {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    readonly color: Hex;
    readonly opacity: number;
  },
): void {
  const { ctx } = stage;
  const gradient = ctx.createRadialGradient(at.x, at.y, 0, at.x, at.y, at.radius);
  for (const step of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    gradient.addColorStop(step, faded(at.color, at.opacity * (1 - step) ** 2));
  }
  ctx.fillStyle = gradient;
  ctx.fillRect(at.x - at.radius, at.y - at.radius, 2 * at.radius, 2 * at.radius);
}

export function disc(stage: Stage, x: number, y: number, radius: number, fill: string): void {
  const { ctx } = stage;
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}

/** A rolling line of hills, filled down to the bottom of the frame. `swell` is the height of its waves in pixels. */
export function hills(
  stage: Stage,
  line: {
    readonly y: number;
    readonly swell: number;
    readonly waves: number;
    readonly top: Hex;
    readonly bottom: Hex;
  },
): (x: number) => number {
  const { ctx, width, height, random } = stage;
  const parts = [1, 2.1, 3.7].map((pace, at) => ({
    pace: pace * line.waves * random.between(0.85, 1.15),
    phase: random.between(0, 2 * Math.PI),
    share: [0.62, 0.27, 0.11][at] ?? 0,
  }));
  const heightAt = (x: number): number =>
    line.y -
    line.swell *
      parts.reduce(
        (sum, part) => sum + part.share * Math.sin((x / width) * 2 * Math.PI * part.pace + part.phase),
        0,
      );
  ctx.beginPath();
  ctx.moveTo(0, height);
  for (let step = 0; step <= 96; step += 1) {
    const x = (width * step) / 96;
    ctx.lineTo(x, heightAt(x));
  }
  ctx.lineTo(width, height);
  ctx.closePath();
  const gradient = ctx.createLinearGradient(0, line.y - line.swell, 0, height);
  gradient.addColorStop(0, line.top);
  gradient.addColorStop(1, line.bottom);
  ctx.fillStyle = gradient;
  ctx.fill();
  return heightAt;
}

/** A flat-bottomed cloud of merged puffs. */
export function cloud(stage: Stage, x: number, y: number, size: number, color: Hex, opacity: number): void {
  const { ctx, random } = stage;
  const puffs = 4 + random.index(2);
  ctx.beginPath();
  ctx.roundRect(x - size * 0.62, y - size * 0.14, size * 1.24, size * 0.2, size * 0.1);
  for (let at = 0; at < puffs; at += 1) {
    const share = (at + 0.5) / puffs - 0.5;
    const radius = size * (0.27 - 0.42 * share * share) * random.between(0.85, 1.15);
    const px = x + share * size * 0.92;
    const py = y - size * 0.04 - radius * 0.35;
    ctx.moveTo(px + radius, py);
    ctx.arc(px, py, radius, 0, 2 * Math.PI);
  }
  const gradient = ctx.createLinearGradient(0, y - size * 0.42, 0, y + size * 0.06);
  gradient.addColorStop(0, faded(color, opacity));
  gradient.addColorStop(1, faded(color, opacity * 0.55));
  ctx.save();
  ctx.clip();
  ctx.fillStyle = gradient;
  ctx.fillRect(x - size, y - size, 2 * size, 2 * size);
  ctx.restore();
}

/** Sky with sun or moon; stars at night; a few clouds. */
export function sky(stage: Stage, options: { readonly clouds: number; readonly sun: boolean }): void {
  const { mood, width, height, horizon, unit, random, ctx } = stage;
  fillDown(stage, 0, Math.max(horizon + unit * 0.06, height * 0.4), [
    mood.top,
    mix(mood.top, mood.low, 0.45),
    mood.low,
  ]);
  if (mood.night) {
    for (let at = 0; at < 70; at += 1) {
      const y = random.next() ** 1.4 * horizon * 0.85;
      const size = unit * random.between(0.0008, 0.0026);
      disc(stage, random.between(0, width), y, size, faded('#fffdf0', random.between(0.25, 0.85)));
    }
  }
  const sunX = width * random.between(0.16, 0.4);
  const sunY = Math.max(unit * 0.16, horizon * random.between(0.26, 0.5));
  if (options.sun) {
    const radius = unit * (mood.night ? 0.055 : random.between(0.065, 0.1));
    glow(stage, { x: sunX, y: sunY, radius: radius * 7, color: mood.sun, opacity: mood.night ? 0.3 : 0.7 });
    disc(stage, sunX, sunY, radius, faded(mood.sun, mood.night ? 0.95 : 0.9));
    if (mood.night) {
      ctx.save();
      ctx.beginPath();
      ctx.arc(sunX, sunY, radius, 0, 2 * Math.PI);
      ctx.clip();
      disc(stage, sunX - radius * 0.25, sunY + radius * 0.2, radius * 0.24, faded(mood.haze, 0.25));
      disc(stage, sunX + radius * 0.4, sunY - radius * 0.3, radius * 0.16, faded(mood.haze, 0.22));
      disc(stage, sunX + radius * 0.3, sunY + radius * 0.5, radius * 0.12, faded(mood.haze, 0.2));
      ctx.restore();
    }
  }
  const white: Hex = mood.night ? mix(mood.haze, '#ffffff', 0.18) : mix('#ffffff', mood.low, 0.15);
  for (let at = 0; at < options.clouds; at += 1) {
    const share = (at + random.between(0.15, 0.85)) / options.clouds;
    const size = unit * random.between(0.16, 0.34);
    cloud(stage, width * share, horizon * random.between(0.14, 0.68), size, white, mood.night ? 0.35 : 0.85);
  }
}
