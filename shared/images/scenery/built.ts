import { faded, type Hex, mix, shade } from '../color.ts';
import { fillDown, lit, type Stage, sky } from './stage.ts';

function blocks(
  stage: Stage,
  options: {
    readonly y: number;
    readonly tall: number;
    readonly distance: number;
    readonly local: Hex;
    readonly windows: number;
  },
): void {
  const { ctx, width, unit, random, mood } = stage;
  const wall = lit(stage, options.local, options.distance);
  let x = -unit * 0.05;
  while (x < width) {
    const wide = unit * random.between(0.08, 0.17);
    const tall = options.tall * random.between(0.45, 1);
    const top = options.y - tall;
    const gradient = ctx.createLinearGradient(x, 0, x + wide, 0);
    gradient.addColorStop(0, shade(wall, 0.03));
    gradient.addColorStop(1, shade(wall, -0.03));
    ctx.fillStyle = gradient;
    ctx.beginPath();
    ctx.roundRect(x, top, wide, tall + unit * 0.02, [unit * 0.008, unit * 0.008, 0, 0]);
    ctx.fill();
    if (random.next() < 0.3) {
      ctx.fillRect(x + wide * 0.3, top - unit * 0.025, wide * 0.4, unit * 0.03);
    }
    if (options.windows > 0) {
      const columns = Math.max(2, Math.round(wide / (unit * 0.034)));
      const pitch = wide / (columns + 0.5);
      ctx.fillStyle = mood.night
        ? faded('#ffe2a0', 0.75 * options.windows)
        : faded('#ffffff', 0.34 * options.windows);
      for (let row = top + pitch * 0.7; row < options.y - pitch; row += pitch * 1.15) {
        for (let column = 0; column < columns; column += 1) {
          if (random.next() < (mood.night ? 0.5 : 0.8)) {
            ctx.fillRect(x + pitch * (column + 0.5), row, pitch * 0.46, pitch * 0.56);
          }
        }
      }
    }
    x += wide * random.between(0.98, 1.2);
  }
}

export function city(stage: Stage): void {
  const { horizon, height, unit, random, foot, ctx, width } = stage;
  sky(stage, { clouds: 2, sun: true });
  const local = random.pick(['#7d8fb8', '#9a86b0', '#6f9aa8', '#b08a86'] as const);
  const base = horizon + unit * 0.05;
  const tall = Math.min(horizon * 0.75, unit * 0.55);
  blocks(stage, { y: base, tall, distance: 0.7, local, windows: 0 });
  blocks(stage, { y: base, tall: tall * 0.72, distance: 0.48, local, windows: 0.5 });
  blocks(stage, { y: base, tall: tall * 0.45, distance: 0.26, local: shade(local, -0.04), windows: 0.8 });
  fillDown(stage, base, height, [
    lit(stage, '#a8b3c0', 0.25),
    lit(stage, '#8d99aa', 0.1),
    lit(stage, '#7f8b9e', 0),
  ]);
  ctx.fillStyle = faded('#ffffff', 0.2);
  ctx.fillRect(0, base, width, unit * 0.008);
  ctx.fillStyle = faded(stage.mood.shadow, 0.1);
  ctx.fillRect(0, base + (foot - base) * 0.3, width, unit * 0.004);
}

/** Columns and steps of an old square. */
export function antiquity(stage: Stage): void {
  const { ctx, width, height, horizon, unit, random, foot } = stage;
  sky(stage, { clouds: 2, sun: true });
  const stone = random.pick(['#e6d5b8', '#dccfc4', '#e3c9a4'] as const);
  const base = horizon + (foot - horizon) * 0.25;
  const column = unit * 0.075;
  const top = base - Math.min(horizon * 0.72, unit * 0.5);
  const pitch = column * 2.15;
  const count = Math.floor(width / pitch) + 1;
  const face = lit(stage, stone, 0.34);
  ctx.fillStyle = lit(stage, stone, 0.5);
  ctx.fillRect(0, top - column * 0.95, width, column * 0.95);
  ctx.fillStyle = faded(stage.mood.shadow, 0.13);
  ctx.fillRect(0, top - column * 0.2, width, column * 0.2);
  for (let at = 0; at <= count; at += 1) {
    const x = at * pitch - column * 0.3;
    const gradient = ctx.createLinearGradient(x, 0, x + column, 0);
    gradient.addColorStop(0, shade(face, 0.05));
    gradient.addColorStop(1, shade(face, -0.09));
    ctx.fillStyle = gradient;
    ctx.fillRect(x, top + column * 0.3, column, base - top - column * 0.3);
    ctx.beginPath();
    ctx.roundRect(x - column * 0.18, top, column * 1.36, column * 0.34, column * 0.08);
    ctx.roundRect(x - column * 0.18, base - column * 0.3, column * 1.36, column * 0.34, column * 0.06);
    ctx.fill();
    ctx.fillStyle = faded(stage.mood.shadow, 0.09);
    for (const flute of [0.28, 0.5, 0.72]) {
      ctx.fillRect(x + column * flute, top + column * 0.4, column * 0.07, base - top - column * 0.75);
    }
  }
  fillDown(stage, base, height, [
    lit(stage, stone, 0.2),
    lit(stage, shade(stone, -0.06), 0.04),
    lit(stage, shade(stone, -0.12), 0),
  ]);
  for (let step = 0; step < 2; step += 1) {
    ctx.fillStyle = faded(stage.mood.shadow, 0.1);
    ctx.fillRect(0, base + unit * (0.025 + 0.035 * step), width, unit * 0.006);
  }
}

/** A street of small houses. */
export function village(stage: Stage): void {
  const { ctx, width, height, horizon, unit, random, foot } = stage;
  sky(stage, { clouds: 3, sun: true });
  const base = horizon + (foot - horizon) * 0.3;
  const walls: readonly Hex[] = ['#f2e3cf', '#e8c9b0', '#cfdde0', '#e9d6a8', '#dcc3cf'];
  const roofs: readonly Hex[] = ['#c9604f', '#a8596b', '#5f7fa3', '#b8754a'];
  let x = -unit * 0.06;
  while (x < width) {
    const wide = unit * random.between(0.17, 0.25);
    const tall = unit * random.between(0.15, 0.26);
    const wall = lit(stage, random.pick(walls), 0.25);
    const gradient = ctx.createLinearGradient(x, 0, x + wide, 0);
    gradient.addColorStop(0, shade(wall, 0.02));
    gradient.addColorStop(1, shade(wall, -0.05));
    ctx.fillStyle = gradient;
    ctx.fillRect(x, base - tall, wide, tall);
    ctx.fillStyle = lit(stage, random.pick(roofs), 0.25);
    ctx.beginPath();
    ctx.moveTo(x - wide * 0.06, base - tall);
    ctx.lineTo(x + wide * 0.5, base - tall - wide * 0.5);
    ctx.lineTo(x + wide * 1.06, base - tall);
    ctx.fill();
    ctx.fillStyle = stage.mood.night ? '#ffdf9a' : faded(mix(stage.mood.top, '#ffffff', 0.25), 0.8);
    for (const share of [0.2, 0.6]) {
      ctx.beginPath();
      ctx.roundRect(x + wide * share, base - tall * 0.75, wide * 0.19, wide * 0.24, wide * 0.02);
      ctx.fill();
    }
    x += wide * 1.02;
  }
  fillDown(stage, base, height, [lit(stage, '#c7b9a6', 0.2), lit(stage, '#b9a893', 0)]);
}
