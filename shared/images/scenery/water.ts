import { faded, type Hex, mix, shade } from '../color.ts';
import { disc, fillDown, glow, hills, lit, type Stage, sky } from './stage.ts';

/** Open water under a sky. */
export function sea(stage: Stage): void {
  const { ctx, horizon, height, width, unit, random, mood, foot } = stage;
  sky(stage, { clouds: 3, sun: true });
  const water = random.pick(['#2f8fc4', '#2a9db0', '#3b7fc0'] as const);
  fillDown(stage, horizon, height, [
    lit(stage, water, 0.45),
    lit(stage, water, 0.1),
    lit(stage, shade(water, -0.1), 0),
  ]);
  ctx.fillStyle = faded(mood.sun, mood.night ? 0.22 : 0.35);
  for (let at = 0; at < 26; at += 1) {
    const depth = random.next();
    const y = horizon + unit * 0.012 + depth ** 1.5 * (foot - horizon) * 0.9;
    const length = unit * (0.03 + 0.16 * depth) * random.between(0.5, 1.2);
    ctx.beginPath();
    ctx.roundRect(width * random.next(), y, length, unit * (0.002 + 0.004 * depth), unit * 0.004);
    ctx.fill();
  }
  for (let wave = 0; wave < 3; wave += 1) {
    hills(stage, {
      y: foot - unit * 0.02 + wave * (height - foot) * 0.3,
      swell: unit * 0.011,
      waves: 3.5 - wave * 0.6,
      top: lit(stage, shade(water, 0.03 - 0.05 * wave), 0.08),
      bottom: lit(stage, shade(water, -0.1 - 0.03 * wave), 0),
    });
  }
}

/** A beach with the sea behind it. */
export function coast(stage: Stage): void {
  const { horizon, height, unit, random, foot } = stage;
  sky(stage, { clouds: 3, sun: true });
  const water = random.pick(['#2fa3c4', '#34b3b8'] as const);
  fillDown(stage, horizon, height, [lit(stage, water, 0.15), lit(stage, shade(water, 0.1), 0.25)]);
  const y = horizon + (foot - horizon) * 0.55;
  hills(stage, {
    y: y - unit * 0.016,
    swell: unit * 0.02,
    waves: 0.9,
    top: mix('#ffffff', stage.mood.haze, 0.35),
    bottom: '#ffffff',
  });
  hills(stage, {
    y: y + unit * 0.012,
    swell: unit * 0.018,
    waves: 0.9,
    top: lit(stage, '#f3d9a4', 0.12),
    bottom: lit(stage, '#e6bf85', 0),
  });
}

function weed(stage: Stage, x: number, y: number, size: number, color: Hex): void {
  const { ctx, random } = stage;
  ctx.strokeStyle = color;
  ctx.lineCap = 'round';
  for (let blade = 0; blade < 4; blade += 1) {
    const lean = random.between(-0.35, 0.35) * size;
    const tall = size * random.between(0.6, 1);
    ctx.lineWidth = size * 0.075;
    ctx.beginPath();
    ctx.moveTo(x + (blade - 1.5) * size * 0.03, y);
    ctx.bezierCurveTo(x + lean, y - tall * 0.35, x - lean * 0.6, y - tall * 0.65, x + lean * 0.7, y - tall);
    ctx.stroke();
  }
}

/** Under the surface: shafts of light, far rocks, bubbles, a sandy floor. */
export function underwater(stage: Stage): void {
  const { ctx, width, height, unit, random, mood, foot, horizon } = stage;
  const blue = random.pick([
    '#1c8fc2',
    '#17a3a6',
    '#2676cc',
    '#3558b8',
    '#1487a0',
    '#4a63c8',
    '#159a86',
  ] as const);
  const water = mood.night ? shade(blue, -0.12) : blue;
  fillDown(stage, 0, height, [mix(water, '#e8fff8', 0.5), water, shade(water, -0.14), shade(water, -0.22)]);
  ctx.save();
  ctx.globalCompositeOperation = 'screen';
  for (let ray = 0; ray < 6; ray += 1) {
    const x = width * (0.02 + 0.16 * ray + random.between(-0.05, 0.05));
    const spread = unit * random.between(0.05, 0.13);
    const gradient = ctx.createLinearGradient(0, 0, 0, height * 0.75);
    gradient.addColorStop(0, faded('#d8fff6', 0.3));
    gradient.addColorStop(1, faded('#d8fff6', 0));
    ctx.fillStyle = gradient;
    ctx.beginPath();
    ctx.moveTo(x, 0);
    ctx.lineTo(x + spread, 0);
    ctx.lineTo(x + spread * 2.6 + unit * 0.28, height * 0.75);
    ctx.lineTo(x + unit * 0.2, height * 0.75);
    ctx.fill();
  }
  ctx.restore();
  for (const [at, share] of [0.55, 0.3].entries()) {
    hills(stage, {
      y: horizon + (foot - horizon) * (0.1 + 0.4 * at),
      swell: unit * (0.075 - 0.02 * at),
      waves: 1.6 + at * 0.5,
      top: mix(shade(water, -0.22), water, share + 0.15),
      bottom: mix(shade(water, -0.26), water, share),
    });
  }
  const sand = mix('#e8d3a0', shade(water, -0.06), 0.42);
  const floor = hills(stage, {
    y: foot - unit * 0.03,
    swell: unit * 0.016,
    waves: 1.2,
    top: sand,
    bottom: mix(sand, shade(water, -0.26), 0.75),
  });
  const corals: readonly Hex[] = ['#ef6f7f', '#f29a5c', '#c76bb8', '#4fb58a'];
  for (const side of [0.03, 0.1, 0.17, 0.84, 0.91, 0.98]) {
    const x = width * side + unit * random.between(-0.02, 0.02);
    weed(
      stage,
      x,
      floor(x) + unit * 0.012,
      unit * random.between(0.08, 0.19),
      mix(random.pick(corals), water, 0.3),
    );
  }
  for (let bubble = 0; bubble < 22; bubble += 1) {
    const size = unit * random.between(0.003, 0.013);
    const [x, y] = [width * random.next(), height * random.between(0.06, 0.66)];
    disc(stage, x, y, size, faded('#eafffb', 0.22));
    disc(stage, x - size * 0.3, y - size * 0.3, size * 0.28, faded('#ffffff', 0.7));
  }
  glow(stage, { x: width * 0.3, y: 0, radius: unit * 0.75, color: '#eafff6', opacity: 0.4 });
}
