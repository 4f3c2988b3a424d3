import { faded, mix, shade } from '../color.ts';
import { disc, fillDown, glow, hills, type Stage } from './stage.ts';

/** Layers of cut paper. */
export function paper(stage: Stage): void {
  const { ctx, width, height, unit, random, mood, foot } = stage;
  const [light, soft, strong, deep] = mood.papers;
  fillDown(stage, 0, height, [light, mix(light, soft, 0.55)]);
  const right = random.next() < 0.5;
  for (let layer = 0; layer < 4; layer += 1) {
    const share = layer / 3;
    ctx.save();
    ctx.shadowColor = faded(deep, 0.3);
    ctx.shadowBlur = unit * 0.03;
    ctx.shadowOffsetY = unit * -0.006;
    const radius = unit * (0.62 - 0.14 * layer);
    disc(stage, right ? width * 1.0 : 0, 0, radius, mix(soft, strong, share * 0.75));
    ctx.restore();
  }
  for (let layer = 0; layer < 3; layer += 1) {
    const color = mix(mix(soft, strong, 0.25), mix(strong, deep, 0.35), layer / 2);
    ctx.save();
    ctx.shadowColor = faded(deep, 0.34);
    ctx.shadowBlur = unit * 0.035;
    ctx.shadowOffsetY = unit * -0.008;
    hills(stage, {
      y: foot - unit * 0.1 + layer * (height - foot) * 0.4,
      swell: unit * (0.045 - 0.012 * layer),
      waves: 0.9 + 0.25 * layer,
      top: color,
      bottom: shade(color, -0.04),
    });
    ctx.restore();
  }
}

/** Broad rays from behind the hero. */
export function rays(stage: Stage): void {
  const { ctx, width, height, random, mood, horizon, foot, unit } = stage;
  const [light, soft, strong, deep] = mood.papers;
  fillDown(stage, 0, height, [mix(soft, strong, 0.15), mix(soft, strong, 0.35)]);
  const [x, y] = [width / 2, horizon * 0.72];
  const count = 12 + 2 * random.index(4);
  const reach = Math.hypot(width, height);
  ctx.fillStyle = faded(light, 0.42);
  const turn = random.between(0, 1);
  for (let ray = 0; ray < count; ray += 1) {
    const angle = ((ray + turn) / count) * 2 * Math.PI;
    const half = Math.PI / count / 2;
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x + Math.cos(angle - half) * reach, y + Math.sin(angle - half) * reach);
    ctx.lineTo(x + Math.cos(angle + half) * reach, y + Math.sin(angle + half) * reach);
    ctx.fill();
  }
  glow(stage, { x, y, radius: unit * 0.75, color: light, opacity: 0.95 });
  const floor = mix(strong, deep, 0.3);
  hills(stage, {
    y: foot - unit * 0.06,
    swell: unit * 0.012,
    waves: 0.6,
    top: mix(strong, soft, 0.15),
    bottom: floor,
  });
}

/** Soft cells as under a microscope. */
export function cells(stage: Stage): void {
  const { ctx, width, height, unit, random } = stage;
  const [base, body, core] = random.pick([
    ['#f7cfd3', '#ef8f9c', '#c9506b'],
    ['#cfeae6', '#74c3bd', '#2f8b8c'],
    ['#dcd5f5', '#a592de', '#6a55b5'],
    ['#fbe0bd', '#f2ad6b', '#cc6f3c'],
  ] as const);
  fillDown(stage, 0, height, [mix(base, '#ffffff', 0.35), base, mix(base, body, 0.35)]);
  for (let cell = 0; cell < 22; cell += 1) {
    const edge = cell % 2 === 0 ? random.between(-0.02, 0.26) : random.between(0.74, 1.02);
    const [x, y] = [
      width * (cell < 16 ? edge : random.next()),
      height * random.between(-0.02, cell < 16 ? 0.78 : 0.2),
    ];
    const radius = unit * random.between(0.04, 0.105);
    const near = random.between(0.35, 0.9);
    const gradient = ctx.createRadialGradient(
      x - radius * 0.35,
      y - radius * 0.4,
      radius * 0.1,
      x,
      y,
      radius,
    );
    gradient.addColorStop(0, faded(mix(body, '#ffffff', 0.45), near));
    gradient.addColorStop(1, faded(body, near));
    ctx.fillStyle = gradient;
    ctx.beginPath();
    ctx.ellipse(x, y, radius, radius * random.between(0.8, 1), random.between(0, 3), 0, 2 * Math.PI);
    ctx.fill();
    disc(stage, x + radius * 0.1, y + radius * 0.08, radius * 0.34, faded(core, near * 0.55));
  }
  glow(stage, { x: width * 0.5, y: height * 0.42, radius: unit * 0.7, color: '#ffffff', opacity: 0.6 });
}

/** Traces and nodes of a circuit board. */
export function circuit(stage: Stage): void {
  const { ctx, width, height, unit, random, horizon } = stage;
  const [top, low, trace] = random.pick([
    ['#0f2f57', '#14497a', '#4fc3f7'],
    ['#12314a', '#0f5a63', '#5fe0c0'],
    ['#2a1f5c', '#45318c', '#b79cff'],
    ['#3a1d4f', '#6a2f66', '#ff9fb6'],
  ] as const);
  fillDown(stage, 0, height, [top, low, shade(low, -0.05)]);
  ctx.lineWidth = unit * 0.005;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  for (let line = 0; line < 34; line += 1) {
    const left = line % 2 === 0;
    const y = height * 0.8 * ((line + random.next()) / 34);
    const reach = width * random.between(0.06, 0.3);
    const bend = unit * random.between(-0.09, 0.09);
    const x = (share: number): number => (left ? reach * share : width - reach * share);
    const opacity = random.between(0.18, 0.5);
    ctx.strokeStyle = faded(trace, opacity);
    ctx.beginPath();
    ctx.moveTo(left ? 0 : width, y);
    ctx.lineTo(x(0.5), y);
    ctx.lineTo(left ? x(0.5) + Math.abs(bend) : x(0.5) - Math.abs(bend), y + bend);
    ctx.lineTo(x(1) + (left ? 1 : -1) * Math.abs(bend), y + bend);
    ctx.stroke();
    disc(
      stage,
      x(1) + (left ? 1 : -1) * Math.abs(bend),
      y + bend,
      unit * 0.009,
      faded(trace, opacity + 0.25),
    );
  }
  glow(stage, { x: width / 2, y: horizon * 0.75, radius: unit * 0.7, color: trace, opacity: 0.45 });
}

/** Large overlapping discs, as printed from few inks. */
export function discs(stage: Stage): void {
  const { ctx, width, height, unit, random, mood, foot } = stage;
  const [light, soft, strong, deep] = mood.papers;
  fillDown(stage, 0, height, [light, mix(light, soft, 0.75)]);
  for (const [x, y, r, color, opacity] of [
    [0.12, 0.18, 0.42, strong, 0.4],
    [0.92, 0.3, 0.5, mood.accent, 0.34],
    [0.5, 0.1, 0.3, soft, 0.75],
    [0.28, 0.62, 0.26, mood.accent, 0.22],
    [0.78, 0.72, 0.3, strong, 0.28],
  ] as const) {
    const jitter = (): number => random.between(-0.06, 0.06);
    disc(stage, width * (x + jitter()), height * (y + jitter()), unit * r, faded(color, opacity));
  }
  const gradient = ctx.createLinearGradient(0, foot - unit * 0.05, 0, height);
  gradient.addColorStop(0, mix(strong, soft, 0.35));
  gradient.addColorStop(1, mix(strong, deep, 0.3));
  ctx.fillStyle = gradient;
  ctx.fillRect(0, foot - unit * 0.05, width, height);
}
