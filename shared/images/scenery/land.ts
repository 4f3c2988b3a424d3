import { faded, type Hex, mix, shade } from '../color.ts';
import { fillDown, hills, lit, type Stage, sky } from './stage.ts';

/** A calm ground plane from the horizon to the bottom, lit at its far edge. */
function plain(stage: Stage, local: Hex, swell: number): void {
  const near = lit(stage, local, 0);
  hills(stage, {
    y: stage.horizon + (stage.foot - stage.horizon) * 0.45,
    swell: stage.unit * swell,
    waves: 0.7,
    top: lit(stage, shade(local, 0.06), 0.12),
    bottom: shade(near, -0.05),
  });
}

function roundTree(stage: Stage, x: number, y: number, size: number, leaf: Hex, trunk: Hex): void {
  const { ctx } = stage;
  ctx.fillStyle = trunk;
  ctx.beginPath();
  ctx.roundRect(x - size * 0.045, y - size * 0.5, size * 0.09, size * 0.52, size * 0.03);
  ctx.fill();
  for (const [dx, dy, r] of [
    [0, -0.72, 0.27],
    [-0.17, -0.56, 0.2],
    [0.18, -0.55, 0.19],
  ] as const) {
    const gradient = ctx.createLinearGradient(x - size * 0.3, y - size, x + size * 0.3, y - size * 0.3);
    gradient.addColorStop(0, shade(leaf, 0.07));
    gradient.addColorStop(1, shade(leaf, -0.05));
    ctx.fillStyle = gradient;
    ctx.beginPath();
    ctx.arc(x + dx * size, y + dy * size, r * size, 0, 2 * Math.PI);
    ctx.fill();
  }
}

function fir(stage: Stage, x: number, y: number, size: number, leaf: Hex): void {
  const { ctx } = stage;
  const gradient = ctx.createLinearGradient(x - size * 0.25, 0, x + size * 0.25, 0);
  gradient.addColorStop(0, shade(leaf, 0.045));
  gradient.addColorStop(1, shade(leaf, -0.035));
  ctx.fillStyle = gradient;
  for (const [bottom, top, half] of [
    [0, -0.52, 0.25],
    [-0.27, -0.76, 0.2],
    [-0.54, -1, 0.14],
  ] as const) {
    ctx.beginPath();
    ctx.moveTo(x, y + top * size);
    ctx.quadraticCurveTo(
      x + half * size * 0.35,
      y + (bottom - 0.16) * size,
      x + half * size,
      y + bottom * size,
    );
    ctx.quadraticCurveTo(x, y + (bottom + 0.06) * size, x - half * size, y + bottom * size);
    ctx.quadraticCurveTo(x - half * size * 0.35, y + (bottom - 0.16) * size, x, y + top * size);
    ctx.fill();
  }
}

const greens: readonly Hex[] = ['#4fae6a', '#6abf5e', '#3f9f78', '#8abf52'];

export function meadow(stage: Stage): void {
  const { horizon, unit, random, width } = stage;
  sky(stage, { clouds: 3, sun: true });
  const green = random.pick(greens);
  const step = (stage.foot - horizon) / 3;
  for (const [at, distance] of [0.62, 0.4, 0.22].entries()) {
    const line = hills(stage, {
      y: horizon - unit * 0.05 + at * step * 0.9,
      swell: unit * (0.06 - 0.012 * at),
      waves: 1.1 + 0.4 * at,
      top: lit(stage, shade(green, 0.05), distance),
      bottom: lit(stage, green, distance * 0.7),
    });
    if (at < 2) {
      const count = 3 + random.index(4);
      const leaf = lit(stage, shade(green, -0.12), distance);
      const trunk = lit(stage, '#7b5a48', distance);
      for (let tree = 0; tree < count; tree += 1) {
        const x = width * random.between(0.02, 0.98);
        roundTree(
          stage,
          x,
          line(x) + unit * 0.008,
          unit * random.between(0.07, 0.11) * (1 + at * 0.5),
          leaf,
          trunk,
        );
      }
    }
  }
  plain(stage, green, 0.012);
}

export function forest(stage: Stage): void {
  const { horizon, unit, random, width, foot } = stage;
  sky(stage, { clouds: 0, sun: true });
  const green = random.pick(['#2f8f68', '#3a9b5c', '#2c8a7c'] as const);
  const firs = random.next() < 0.6;
  for (const [at, distance] of [0.72, 0.5, 0.26].entries()) {
    const y = horizon + (foot - horizon) * 0.24 * at;
    const leaf = lit(stage, shade(green, -0.03 * at), distance);
    const size = unit * (0.3 + 0.11 * at);
    const gap = size * (firs ? 0.36 : 0.5);
    for (let x = -gap; x < width + gap; x += gap * random.between(0.75, 1.25)) {
      const hero = Math.abs(x / width - 0.5) < 0.26 && at === 2;
      if (!hero) {
        const tall = size * random.between(0.75, 1.2);
        if (firs) {
          fir(stage, x, y + unit * 0.03, tall, leaf);
        } else {
          roundTree(stage, x, y + unit * 0.03, tall, leaf, lit(stage, '#6e4f42', distance));
        }
      }
    }
    hills(stage, {
      y: y + unit * 0.02,
      swell: unit * 0.012,
      waves: 1.4,
      top: lit(stage, shade(green, 0.03), distance * 0.8),
      bottom: lit(stage, green, distance * 0.5),
    });
  }
  plain(stage, shade(green, 0.05), 0.01);
}

function peaks(stage: Stage, y: number, tall: number, count: number, face: Hex, snow: Hex): void {
  const { ctx, width, height, random } = stage;
  const spots = Array.from({ length: count }, (_, at) => ({
    x: width * ((at + random.between(0.2, 0.8)) / count),
    top: y - tall * random.between(0.55, 1),
  }));
  for (const { x, top } of random.shuffle(spots)) {
    const half = (y - top) * random.between(0.85, 1.15);
    const ridge = random.between(-0.12, 0.12) * half;
    ctx.fillStyle = face;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x + half, y);
    ctx.lineTo(x + half, height);
    ctx.lineTo(x - half, height);
    ctx.lineTo(x - half, y);
    ctx.fill();
    ctx.fillStyle = faded('#0b1c3a', 0.1);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x + half, y);
    ctx.lineTo(x + ridge, y);
    ctx.lineTo(x + ridge * 0.4 - half * 0.06, top + (y - top) * 0.5);
    ctx.fill();
    const cap = 0.27;
    ctx.fillStyle = snow;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x + half * cap, top + (y - top) * cap);
    ctx.lineTo(x + half * cap * 0.45, top + (y - top) * cap * 0.78);
    ctx.lineTo(x + half * cap * 0.1, top + (y - top) * cap * 1.22);
    ctx.lineTo(x - half * cap * 0.35, top + (y - top) * cap * 0.8);
    ctx.lineTo(x - half * cap, top + (y - top) * cap);
    ctx.fill();
  }
}

export function mountains(stage: Stage): void {
  const { horizon, unit, random, foot } = stage;
  sky(stage, { clouds: 2, sun: true });
  const rock = random.pick(['#6c84ab', '#7d7fae', '#5f8f9f', '#8a7f96'] as const);
  const snow = mix('#ffffff', stage.mood.haze, 0.15);
  const tall = Math.min(horizon * 0.66, unit * 0.5);
  peaks(stage, horizon + unit * 0.04, tall, 4, lit(stage, rock, 0.58), mix(snow, stage.mood.haze, 0.4));
  hills(stage, {
    y: horizon + unit * 0.01,
    swell: unit * 0.02,
    waves: 2,
    top: lit(stage, rock, 0.66),
    bottom: lit(stage, rock, 0.5),
  });
  peaks(stage, horizon + unit * 0.08, tall * 0.7, 3, lit(stage, shade(rock, -0.06), 0.28), snow);
  const green = random.pick(greens);
  hills(stage, {
    y: horizon + (foot - horizon) * 0.3,
    swell: unit * 0.035,
    waves: 1.3,
    top: lit(stage, green, 0.36),
    bottom: lit(stage, green, 0.2),
  });
  plain(stage, green, 0.012);
}

export function desert(stage: Stage): void {
  const { horizon, unit, random, foot } = stage;
  sky(stage, { clouds: 0, sun: true });
  const sand = random.pick(['#e9b872', '#e8a868', '#dfae86'] as const);
  for (const [at, distance] of [0.55, 0.32, 0.14].entries()) {
    hills(stage, {
      y: horizon - unit * 0.02 + ((foot - horizon) / 3) * at,
      swell: unit * (0.07 - 0.014 * at),
      waves: 0.8 + 0.25 * at,
      top: lit(stage, shade(sand, 0.06), distance),
      bottom: lit(stage, shade(sand, -0.1), distance),
    });
  }
  plain(stage, sand, 0.012);
}

export function snowfield(stage: Stage): void {
  const { horizon, unit, random, width, height, foot, ctx } = stage;
  sky(stage, { clouds: 2, sun: true });
  const white: Hex = '#f3f8fd';
  const blue: Hex = '#bcd4ea';
  for (const [at, distance] of [0.55, 0.28].entries()) {
    const line = hills(stage, {
      y: horizon + ((foot - horizon) / 3) * at,
      swell: unit * 0.05,
      waves: 1.1 + at * 0.4,
      top: lit(stage, white, distance * 0.5),
      bottom: lit(stage, blue, distance),
    });
    for (let tree = 0; tree < 7; tree += 1) {
      const x = width * random.next();
      const size = unit * random.between(0.08, 0.15) * (1 + at * 0.45);
      fir(stage, x, line(x) + size * 0.04, size, lit(stage, '#4d8f96', distance + 0.1));
    }
  }
  plain(stage, white, 0.01);
  ctx.fillStyle = faded('#ffffff', 0.75);
  for (let flake = 0; flake < 60; flake += 1) {
    const size = unit * random.between(0.0015, 0.005);
    ctx.beginPath();
    ctx.arc(width * random.next(), height * 0.72 * random.next(), size, 0, 2 * Math.PI);
    ctx.fill();
  }
}

export function farmland(stage: Stage): void {
  const { ctx, horizon, height, unit, random, width } = stage;
  sky(stage, { clouds: 3, sun: true });
  const crop = random.pick(['#d9b64a', '#8fbf4f', '#c9a24b'] as const);
  hills(stage, {
    y: horizon,
    swell: unit * 0.03,
    waves: 1.2,
    top: lit(stage, '#6fae5f', 0.5),
    bottom: lit(stage, '#6fae5f', 0.3),
  });
  const y = horizon + unit * 0.035;
  fillDown(stage, y, height, [
    lit(stage, crop, 0.3),
    lit(stage, crop, 0.08),
    lit(stage, shade(crop, -0.04), 0),
  ]);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, y, width, height - y);
  ctx.clip();
  ctx.fillStyle = faded(lit(stage, shade(crop, -0.2), 0), 0.16);
  const vanish = width * random.between(0.4, 0.6);
  for (let row = -14; row <= 14; row += 1) {
    ctx.beginPath();
    ctx.moveTo(vanish + row * unit * 0.03, y);
    ctx.lineTo(vanish + (row + 0.06) * unit * 0.42, height);
    ctx.lineTo(vanish + (row + 0.5) * unit * 0.42, height);
    ctx.lineTo(vanish + (row + 0.3) * unit * 0.03, y);
    ctx.fill();
  }
  ctx.restore();
}
