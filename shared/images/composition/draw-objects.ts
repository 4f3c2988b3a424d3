import { faded, mix } from '../color.ts';
import { disc, glow, type Stage } from '../scenery/stage.ts';
import type { Placement } from './layout.ts';
import type { Sprite } from './sprite.ts';

/** The shadow that a standing thing throws: dark where it touches, soft away from the light. */
function contactShadow(stage: Stage, { box }: Placement): void {
  const { ctx, mood } = stage;
  const y = box.y + box.height * 0.985;
  for (const [reach, flat, shift, opacity] of [
    [0.62, 0.2, 0.1, 0.34],
    [0.4, 0.12, 0.03, 0.42],
  ] as const) {
    ctx.save();
    ctx.translate(box.x + box.width * (0.5 + shift), y);
    ctx.scale(1, flat);
    const radius = box.width * reach;
    const gradient = ctx.createRadialGradient(0, 0, 0, 0, 0, radius);
    gradient.addColorStop(0, faded(mix(mood.shadow, '#08142a', 0.5), opacity));
    gradient.addColorStop(0.5, faded(mix(mood.shadow, '#08142a', 0.5), opacity * 0.5));
    gradient.addColorStop(1, faded(mood.shadow, 0));
    ctx.fillStyle = gradient;
    ctx.fillRect(-radius, -radius, 2 * radius, 2 * radius);
    ctx.restore();
  }
}

function badgeDisc(stage: Stage, { box }: Placement): void {
  const { ctx, unit, mood } = stage;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const radius = Math.hypot(box.width, box.height) * 0.5 + unit * 0.006;
  ctx.save();
  ctx.shadowColor = faded(mood.shadow, 0.35);
  ctx.shadowBlur = unit * 0.03;
  ctx.shadowOffsetY = unit * 0.012;
  disc(stage, x, y, radius, faded(mix('#ffffff', mood.low, 0.12), 0.92));
  ctx.restore();
}

/** Draws one object with its light and shadow. */
export function drawObject(stage: Stage, sprite: Sprite, placement: Placement): void {
  const { ctx, unit, mood } = stage;
  const { box, tilt, role, footing } = placement;
  const inset = placement.badge ? 0.12 : 0;
  if (role === 'hero') {
    const radius = Math.max(box.width, box.height) * 0.85;
    glow(stage, {
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      radius,
      color: mood.sun,
      opacity: 0.34,
    });
  }
  if (placement.badge) {
    badgeDisc(stage, placement);
  } else if (footing === 'stands') {
    contactShadow(stage, placement);
  }
  ctx.save();
  ctx.translate(box.x + box.width / 2, box.y + box.height / 2);
  ctx.rotate(tilt);
  if (footing === 'floats' && !placement.badge) {
    ctx.shadowColor = faded(mix(mood.shadow, '#08142a', 0.5), 0.38);
    ctx.shadowBlur = unit * 0.045;
    ctx.shadowOffsetX = unit * 0.012;
    ctx.shadowOffsetY = unit * 0.03;
  }
  const [width, height] = [box.width * (1 - inset), box.height * (1 - inset)];
  ctx.globalAlpha = role === 'echo' ? 0.94 : 1;
  ctx.drawImage(sprite.scaled(Math.max(width, height)), -width / 2, -height / 2, width, height);
  ctx.restore();
}
