import { faded, type Hex, mix, shade } from '../color.ts';
import { cloud, disc, fillDown, glow, type Stage, sky } from './stage.ts';

/** High among the clouds. */
export function heights(stage: Stage): void {
  const { width, height, unit, random, mood, foot } = stage;
  sky({ ...stage, horizon: height * 0.92 }, { clouds: 3, sun: true });
  const white: Hex = mood.night ? mix(mood.haze, '#ffffff', 0.2) : '#ffffff';
  for (const [at, share] of [0.55, 0.3, 0.1].entries()) {
    const y = foot - unit * 0.05 + at * (height - foot) * 0.42;
    const color = mix(white, mood.haze, share + 0.1);
    for (let x = -0.05; x < 1.1; x += 0.13) {
      disc(
        stage,
        width * (x + random.between(-0.03, 0.03)),
        y + unit * 0.11,
        unit * random.between(0.1, 0.17),
        color,
      );
    }
    fillDown(stage, y + unit * 0.11, height, [color, mix(color, mood.haze, 0.35)]);
  }
  cloud(stage, width * 0.86, height * 0.2, unit * 0.22, white, 0.7);
}

function planet(stage: Stage, x: number, y: number, radius: number, color: Hex, banded: boolean): void {
  const { ctx } = stage;
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.clip();
  const gradient = ctx.createLinearGradient(x - radius, y - radius, x + radius, y + radius);
  gradient.addColorStop(0, shade(color, 0.12));
  gradient.addColorStop(0.55, color);
  gradient.addColorStop(1, shade(color, -0.25));
  ctx.fillStyle = gradient;
  ctx.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  if (banded) {
    for (const [at, share] of [-0.5, -0.1, 0.35].entries()) {
      ctx.fillStyle = faded(at % 2 === 0 ? '#ffffff' : '#1b1040', 0.1);
      ctx.beginPath();
      ctx.ellipse(x, y + share * radius, radius * 1.2, radius * 0.13, -0.25, 0, 2 * Math.PI);
      ctx.fill();
    }
  }
  ctx.restore();
}

/** Stars, a nebula, a planet's limb, far planets. */
export function space(stage: Stage): void {
  const { width, height, unit, random, foot } = stage;
  const [deep, middle, cloudColor, world] = random.pick([
    ['#0b1030', '#1c2a66', '#7a5bd0', '#4f7fd8'],
    ['#120a2e', '#3a1c66', '#d05ba6', '#b06be0'],
    ['#06202e', '#0f4a5e', '#2fb0a8', '#3fae9c'],
    ['#1a0d26', '#4a1f4f', '#f08a5c', '#e07a6a'],
    ['#0a1226', '#22406e', '#5aa0e8', '#e0b060'],
  ] as const satisfies readonly (readonly [Hex, Hex, Hex, Hex])[]);
  fillDown(stage, 0, height, [deep, middle, shade(middle, 0.05)]);
  for (let at = 0; at < 4; at += 1) {
    glow(stage, {
      x: width * random.between(0.1, 0.9),
      y: height * random.between(0.1, 0.7),
      radius: unit * random.between(0.4, 0.75),
      color: at % 2 === 0 ? cloudColor : world,
      opacity: 0.36,
    });
  }
  for (let star = 0; star < 190; star += 1) {
    const size = unit * (0.0007 + 0.0022 * random.next() ** 4);
    disc(
      stage,
      width * random.next(),
      height * random.next() * 0.86,
      size,
      faded('#fffdf2', random.between(0.3, 0.95)),
    );
  }
  for (let star = 0; star < 6; star += 1) {
    const [x, y] = [width * random.next(), foot * random.between(0.05, 0.9)];
    glow(stage, { x, y, radius: unit * 0.022, color: '#ffffff', opacity: 0.8 });
    disc(stage, x, y, unit * 0.003, '#ffffff');
  }
  const side = random.next() < 0.5 ? 0.12 : 0.88;
  planet(
    stage,
    width * side,
    height * random.between(0.16, 0.3),
    unit * random.between(0.05, 0.085),
    mix(cloudColor, '#ffd9b0', 0.35),
    true,
  );
  const limb = Math.max(width, height) * 1.05;
  const top = foot + unit * 0.015;
  glow(stage, { x: width * 0.5, y: top + limb * 0.52, radius: limb * 0.82, color: world, opacity: 0.75 });
  planet(stage, width * 0.5, top + limb, limb, shade(world, -0.12), false);
}
