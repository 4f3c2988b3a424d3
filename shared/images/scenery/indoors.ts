import { faded, type Hex, mix, shade } from '../color.ts';
import { disc, fillDown, glow, type Stage } from './stage.ts';

interface Interior {
  readonly wall: Hex;
  readonly table: Hex;
  readonly dark: Hex;
  readonly accent: Hex;
}

const interiors: readonly Interior[] = [
  { wall: '#f2d9c4', table: '#b9785a', dark: '#8a4f42', accent: '#3f8f8a' },
  { wall: '#cfe3dc', table: '#8a6a52', dark: '#4f7f74', accent: '#e58a5f' },
  { wall: '#d9d6ee', table: '#7f6aa8', dark: '#5a4b8c', accent: '#f2a65a' },
  { wall: '#f3e2b8', table: '#a9713f', dark: '#7d5330', accent: '#4f86b5' },
  { wall: '#bcd8ea', table: '#5d7fa8', dark: '#3c5a85', accent: '#f28f6b' },
  { wall: '#f0cdd0', table: '#a8606f', dark: '#7c3f55', accent: '#5aa3a0' },
  { wall: '#3f4f77', table: '#2c3658', dark: '#1f2745', accent: '#f5b85c' },
  { wall: '#2f6b6d', table: '#1f4c52', dark: '#15373d', accent: '#f3a76b' },
];

function wallAndTable(stage: Stage, interior: Interior): number {
  const { width, height, unit, horizon, foot, ctx } = stage;
  const edge = horizon + (foot - horizon) * 0.35;
  fillDown(stage, 0, edge, [shade(interior.wall, 0.02), interior.wall, shade(interior.wall, -0.05)]);
  glow(stage, { x: width * 0.22, y: -unit * 0.05, radius: unit * 1.15, color: '#fff6de', opacity: 0.5 });
  fillDown(stage, edge, height, [shade(interior.table, 0.06), interior.table, shade(interior.table, -0.07)]);
  ctx.fillStyle = faded('#ffffff', 0.16);
  ctx.fillRect(0, edge, width, unit * 0.006);
  return edge;
}

function windowPane(
  stage: Stage,
  x: number,
  y: number,
  wide: number,
  tall: number,
  interior: Interior,
): void {
  const { ctx, mood } = stage;
  const frame = wide * 0.05;
  ctx.fillStyle = shade(interior.wall, 0.07);
  ctx.beginPath();
  ctx.roundRect(x - frame, y - frame, wide + 2 * frame, tall + 2 * frame, frame);
  ctx.fill();
  const gradient = ctx.createLinearGradient(0, y, 0, y + tall);
  gradient.addColorStop(0, mood.top);
  gradient.addColorStop(1, mood.low);
  ctx.fillStyle = gradient;
  ctx.fillRect(x, y, wide, tall);
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, wide, tall);
  ctx.clip();
  disc(stage, x + wide * 0.3, y + tall * 1.16, tall * 0.42, mix(mood.haze, '#4f9f7a', 0.5));
  disc(stage, x + wide * 0.85, y + tall * 1.2, tall * 0.5, mix(mood.haze, '#3f8f6a', 0.65));
  ctx.restore();
  ctx.fillStyle = shade(interior.wall, 0.07);
  ctx.fillRect(x + wide / 2 - frame / 2, y, frame, tall);
  ctx.fillRect(x, y + tall * 0.48, wide, frame);
}

function shelf(stage: Stage, x: number, y: number, wide: number, interior: Interior): void {
  const { ctx, random, unit } = stage;
  const colors: readonly Hex[] = [
    interior.accent,
    shade(interior.table, 0.08),
    interior.dark,
    shade(interior.wall, -0.16),
  ];
  let at = x + unit * 0.015;
  while (at < x + wide - unit * 0.05) {
    const thick = unit * random.between(0.014, 0.028);
    const tall = unit * random.between(0.075, 0.115);
    ctx.fillStyle = mix(random.pick(colors), interior.wall, 0.28);
    ctx.beginPath();
    ctx.roundRect(at, y - tall, thick, tall, unit * 0.003);
    ctx.fill();
    at += thick + (random.next() < 0.16 ? unit * 0.05 : unit * 0.002);
  }
  ctx.fillStyle = mix(interior.table, interior.wall, 0.2);
  ctx.beginPath();
  ctx.roundRect(x, y, wide, unit * 0.016, unit * 0.004);
  ctx.fill();
  ctx.fillStyle = faded(interior.dark, 0.12);
  ctx.fillRect(x + unit * 0.01, y + unit * 0.016, wide - unit * 0.02, unit * 0.014);
}

/** A desk by a window, with shelves. */
export function study(stage: Stage): void {
  const { width, unit, random, horizon } = stage;
  const interior = random.pick(interiors);
  wallAndTable(stage, interior);
  const wide = Math.min(unit * 0.42, width * 0.32);
  const left = random.next() < 0.5;
  windowPane(stage, left ? width * 0.07 : width * 0.93 - wide, horizon * 0.14, wide, horizon * 0.6, interior);
  const from = left ? width * 0.58 : width * 0.05;
  for (const share of [0.33, 0.62]) {
    shelf(stage, from, horizon * share, width * 0.37, interior);
  }
}

/** A tiled kitchen wall with a hanging lamp. */
export function kitchen(stage: Stage): void {
  const { ctx, width, unit, random } = stage;
  const interior = random.pick(interiors.slice(0, 6));
  const edge = wallAndTable(stage, interior);
  const tile = unit * 0.085;
  ctx.fillStyle = faded('#ffffff', 0.17);
  for (let row = 0; row * tile < edge - unit * 0.02; row += 1) {
    for (let x = -tile * (row % 2); x < width; x += tile * 2) {
      ctx.beginPath();
      ctx.roundRect(
        x + unit * 0.004,
        edge - (row + 1) * tile,
        tile * 2 - unit * 0.008,
        tile - unit * 0.008,
        unit * 0.008,
      );
      ctx.fill();
    }
  }
  for (const share of random.next() < 0.5 ? [0.16, 0.84] : [0.12]) {
    const [x, y] = [width * share, edge * 0.3];
    glow(stage, { x, y: y + unit * 0.06, radius: unit * 0.34, color: '#ffe9b0', opacity: 0.55 });
    ctx.fillStyle = interior.dark;
    ctx.fillRect(x - unit * 0.003, 0, unit * 0.006, y);
    ctx.fillStyle = interior.accent;
    ctx.beginPath();
    ctx.arc(x, y + unit * 0.06, unit * 0.075, Math.PI, 2 * Math.PI);
    ctx.fill();
    disc(stage, x, y + unit * 0.066, unit * 0.024, '#fff3cf');
  }
}

/** A laboratory bench with glassware in silhouette. */
export function laboratory(stage: Stage): void {
  const { ctx, width, height, unit, random, horizon, foot } = stage;
  const [wall, bench, liquid] = random.pick([
    ['#d5ebf2', '#5d93ad', '#4fc0b0'],
    ['#dbe4f6', '#6a80bd', '#f08a8a'],
    ['#d6efe4', '#569a8c', '#f2b25a'],
    ['#2c4a6e', '#1d3350', '#62d6c8'],
  ] as const satisfies readonly (readonly [Hex, Hex, Hex])[]);
  const edge = horizon + (foot - horizon) * 0.35;
  fillDown(stage, 0, edge, [shade(wall, 0.02), wall, shade(wall, -0.06)]);
  glow(stage, { x: width * 0.25, y: 0, radius: unit, color: '#ffffff', opacity: 0.5 });
  ctx.fillStyle = faded('#ffffff', 0.2);
  for (let x = unit * 0.12; x < width; x += unit * 0.24) {
    ctx.fillRect(x, 0, unit * 0.004, edge);
  }
  fillDown(stage, edge, height, [shade(bench, 0.07), bench, shade(bench, -0.07)]);
  const glass = mix(wall, bench, 0.4);
  for (const share of [0.05, 0.13, 0.22, 0.79, 0.88, 0.96]) {
    const [x, tall] = [width * share, unit * random.between(0.16, 0.27)];
    const base = tall * (random.next() < 0.5 ? 0.34 : 0.18);
    const neck = tall * 0.085;
    const cone = new Float64Array([x - neck, edge - tall, x + neck, edge - tall]);
    ctx.fillStyle = faded(glass, 0.55);
    ctx.beginPath();
    ctx.moveTo(cone[0] ?? x, cone[1] ?? edge);
    ctx.lineTo(cone[2] ?? x, cone[3] ?? edge);
    ctx.lineTo(x + neck, edge - tall * 0.58);
    ctx.lineTo(x + base, edge);
    ctx.lineTo(x - base, edge);
    ctx.lineTo(x - neck, edge - tall * 0.58);
    ctx.fill();
    ctx.fillStyle = faded(random.next() < 0.6 ? liquid : bench, 0.6);
    const level = 0.3;
    const half = neck + (base - neck) * (1 - level / 0.58);
    ctx.beginPath();
    ctx.moveTo(x - half, edge - tall * level);
    ctx.lineTo(x + half, edge - tall * level);
    ctx.lineTo(x + base, edge);
    ctx.lineTo(x - base, edge);
    ctx.fill();
  }
}

/** A photographer's seamless backdrop with a large disc of light. */
export function studio(stage: Stage): void {
  const { ctx, width, height, unit, random, horizon, foot, mood } = stage;
  const [light, soft, strong, deep] = mood.papers;
  fillDown(stage, 0, height, [
    mix(soft, light, 0.3),
    mix(soft, light, 0.65),
    mix(soft, strong, 0.22),
    mix(strong, soft, 0.45),
  ]);
  const x = width * 0.5;
  const radius = Math.min(unit * 0.42, horizon * 0.62);
  const y = horizon * 0.62;
  if (random.next() < 0.5) {
    disc(stage, x, y, radius * 1.22, faded(light, 0.35));
    const gradient = ctx.createLinearGradient(x - radius, y - radius, x + radius, y + radius);
    gradient.addColorStop(0, mix(strong, light, 0.2));
    gradient.addColorStop(1, mix(strong, deep, 0.35));
    disc(stage, x, y, radius, mix(strong, light, 0.3));
    ctx.fillStyle = gradient;
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fill();
  } else {
    for (const [at, share] of [1.25, 0.92].entries()) {
      ctx.fillStyle = at === 0 ? mix(strong, light, 0.45) : mix(strong, deep, 0.12);
      const half = radius * share * 0.78;
      ctx.beginPath();
      ctx.roundRect(x - half, y - radius * share, 2 * half, foot - y + radius * share - unit * 0.05, [
        half,
        half,
        0,
        0,
      ]);
      ctx.fill();
    }
  }
  const floor = foot - unit * 0.06;
  fillDown(stage, floor, height, [mix(soft, light, 0.2), mix(soft, strong, 0.3), mix(strong, soft, 0.35)]);
}
