import { faded, type Hex, mix, shade } from '../color.ts';
import type { Stage } from '../scenery/stage.ts';
import type { Box } from './layout.ts';

type Solid = 'ball' | 'arch' | 'column' | 'cone' | 'ring';
const solids: readonly Solid[] = ['ball', 'arch', 'column', 'cone', 'ring'];

function shadow(stage: Stage, box: Box): void {
  const { ctx, mood } = stage;
  ctx.save();
  ctx.translate(box.x + box.width * 0.6, box.y + box.height);
  ctx.scale(1, 0.16);
  const gradient = ctx.createRadialGradient(0, 0, 0, 0, 0, box.width * 0.75);
  gradient.addColorStop(0, faded(mood.shadow, 0.45));
  gradient.addColorStop(1, faded(mood.shadow, 0));
  ctx.fillStyle = gradient;
  ctx.fillRect(-box.width, -box.width, 2 * box.width, 2 * box.width);
  ctx.restore();
}

/** Light from the left: a cylinder's or a flat face's shading. */
function across(stage: Stage, box: Box, color: Hex): void {
  const gradient = stage.ctx.createLinearGradient(box.x, 0, box.x + box.width, 0);
  gradient.addColorStop(0, shade(color, 0.04));
  gradient.addColorStop(0.3, shade(color, 0.08));
  gradient.addColorStop(1, shade(color, -0.13));
  stage.ctx.fillStyle = gradient;
}

function drawSolid(stage: Stage, solid: Solid, box: Box, color: Hex): void {
  const { ctx } = stage;
  const { x, y, width, height } = box;
  const middle = x + width / 2;
  shadow(stage, box);
  across(stage, box, color);
  ctx.beginPath();
  switch (solid) {
    case 'ball': {
      const radius = width / 2;
      const gradient = ctx.createRadialGradient(
        middle - radius * 0.4,
        y + height - radius * 1.45,
        radius * 0.05,
        middle,
        y + height - radius,
        radius,
      );
      gradient.addColorStop(0, shade(color, 0.16));
      gradient.addColorStop(0.55, color);
      gradient.addColorStop(1, shade(color, -0.17));
      ctx.fillStyle = gradient;
      ctx.arc(middle, y + height - radius, radius, 0, 2 * Math.PI);
      ctx.fill();
      return;
    }
    case 'arch':
      ctx.roundRect(x, y, width, height, [width / 2, width / 2, 0, 0]);
      ctx.fill();
      ctx.fillStyle = shade(color, -0.16);
      ctx.beginPath();
      ctx.roundRect(x + width * 0.27, y + width * 0.3, width * 0.46, height - width * 0.3, [
        width * 0.23,
        width * 0.23,
        0,
        0,
      ]);
      ctx.fill();
      return;
    case 'column':
      ctx.rect(x, y + width * 0.13, width, height - width * 0.2);
      ctx.ellipse(middle, y + height - width * 0.07, width / 2, width * 0.13, 0, 0, Math.PI);
      ctx.fill();
      ctx.fillStyle = shade(color, 0.1);
      ctx.beginPath();
      ctx.ellipse(middle, y + width * 0.13, width / 2, width * 0.13, 0, 0, 2 * Math.PI);
      ctx.fill();
      return;
    case 'cone':
      ctx.moveTo(middle, y);
      ctx.lineTo(x + width, y + height - width * 0.07);
      ctx.ellipse(middle, y + height - width * 0.07, width / 2, width * 0.12, 0, 0, Math.PI);
      ctx.lineTo(middle, y);
      ctx.fill();
      return;
    case 'ring': {
      const radius = width / 2;
      ctx.arc(middle, y + height - radius, radius, 0, 2 * Math.PI);
      ctx.arc(middle, y + height - radius, radius * 0.56, 0, 2 * Math.PI, true);
      ctx.fill();
    }
  }
}

/**
 * A quiet still life of solids for a passage that names nothing to show.
 * Answers the box of the middle group.
 */
export function drawStillLife(stage: Stage, safe: Box): Box {
  const { mood, random } = stage;
  const [light, soft, strong, deep] = mood.papers;
  const base = Math.min(safe.width, safe.height);
  const foot = safe.y + safe.height;
  const colors = random.shuffle<Hex>([
    mix(strong, deep, 0.35),
    mood.accent,
    mix(soft, light, 0.4),
    mix(strong, soft, 0.3),
    mix(mood.accent, light, 0.45),
  ]);
  const kinds = random.shuffle(solids);
  const spots = [
    { x: 0.5, wide: 0.48, tall: 0.94, lift: 0 },
    { x: 0.27, wide: 0.36, tall: 0.62, lift: -0.02 },
    { x: 0.75, wide: 0.33, tall: 0.5, lift: -0.01 },
    { x: 0.42, wide: 0.15, tall: 0.16, lift: 0.03 },
    { x: 0.62, wide: 0.19, tall: 0.2, lift: 0.035 },
  ];
  const mirrored = random.next() < 0.5;
  for (const [at, spot] of spots.entries()) {
    const solid = at === 3 ? 'ball' : (kinds[at] ?? 'ball');
    const width = base * spot.wide * random.between(0.92, 1.08);
    const height =
      solid === 'ball' || solid === 'ring'
        ? width
        : Math.max(width, base * spot.tall * random.between(0.9, 1.04));
    const x = safe.x + safe.width / 2 + (spot.x - 0.5) * base * 1.6 * (mirrored ? -1 : 1) - width / 2;
    const left = Math.min(Math.max(x, safe.x), safe.x + safe.width - width);
    drawSolid(
      stage,
      solid,
      { x: left, y: foot + spot.lift * base - height, width, height },
      colors[at] ?? strong,
    );
  }
  return {
    x: safe.x + safe.width / 2 - base * 0.3,
    y: foot - base * 0.86,
    width: base * 0.6,
    height: base * 0.86,
  };
}
