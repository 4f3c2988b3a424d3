import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { betweenSteps } from './between-steps.ts';
import { faded, mix } from './color.ts';
import { drawObject } from './composition/draw-objects.ts';
import { type Box, type FramePlan, layOut, type Placement, planFrame } from './composition/layout.ts';
import type { Sprite } from './composition/sprite.ts';
import { drawStillLife } from './composition/still-life.ts';
import { paper } from './scenery/abstract.ts';
import { settings } from './scenery/settings.ts';
import { disc, type Stage } from './scenery/stage.ts';
import { seededRandom } from './seeded-random.ts';
import type { Sketch } from './sketch.ts';

export interface Drawing {
  readonly canvas: Canvas;
  readonly plan: FramePlan;
  /** Where every object lies, from back to front. */
  readonly placements: readonly Placement[];
  /** The box of what the picture is about. */
  readonly hero: Box;
}

/** Subgroups of what hangs in the air, wherever it is. */
const FLIERS = /^(transport-air|sky-weather|space|heart)$/;

/** The place seen through a round opening in cut paper. */
function paintWindow(stage: Stage, sketch: Sketch, plan: FramePlan): void {
  const { ctx, unit, mood } = stage;
  paper(stage);
  const radius = Math.min(plan.safe.width, plan.safe.height) * 0.56;
  const [x, y] = [stage.width / 2, plan.safe.y + plan.safe.height * 0.5];
  ctx.save();
  ctx.shadowColor = faded(mood.shadow, 0.4);
  ctx.shadowBlur = unit * 0.05;
  ctx.shadowOffsetY = unit * 0.015;
  disc(stage, x, y, radius + unit * 0.018, mix('#ffffff', mood.low, 0.15));
  ctx.restore();
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.clip();
  settings[sketch.setting].paint({ ...stage, foot: y + radius * 0.86, horizon: y + radius * 0.3 });
  ctx.restore();
}

/** Draws a sketch at exactly this size. @throws Cancelled when `signal` aborts. */
export async function drawPicture(request: {
  readonly sketch: Sketch;
  readonly sprites: readonly Sprite[];
  readonly width: number;
  readonly height: number;
  /** Replaces the usual plan, for a picture that leaves room for type. */
  readonly plan?: FramePlan;
  readonly seed: string;
  readonly signal: AbortSignal;
}): Promise<Drawing> {
  const { sketch, sprites, width, height, signal } = request;
  const plan = request.plan ?? planFrame(width, height);
  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext('2d');
  ctx.imageSmoothingQuality = 'high';
  const stage: Stage = {
    ctx,
    width,
    height,
    horizon: plan.horizon,
    foot: plan.foot,
    unit: Math.min(width, height),
    mood: sketch.mood,
    random: seededRandom(`${request.seed}/scenery`),
  };
  const framed = sketch.composition === 'window' && sprites.length > 0;
  if (framed) {
    paintWindow(stage, sketch, plan);
  } else {
    settings[sketch.setting].paint(stage);
  }
  await betweenSteps(signal);
  if (sprites.length === 0) {
    return { canvas, plan, placements: [], hero: drawStillLife(stage, plan.safe) };
  }
  const footing = framed ? 'floats' : settings[sketch.setting].footing;
  const placements = layOut({
    plan,
    composition: sketch.composition,
    footing,
    figures: sprites.map((sprite) => ({
      proportion: sprite.width / sprite.height,
      flies: FLIERS.test(sprite.emoji.subgroup),
    })),
    random: seededRandom(`${request.seed}/layout`),
  });
  for (const placement of placements) {
    const sprite = sprites[placement.item];
    if (sprite !== undefined) {
      drawObject(stage, sprite, placement);
      await betweenSteps(signal);
    }
  }
  return { canvas, plan, placements, hero: placements.find(({ role }) => role === 'hero')?.box ?? plan.safe };
}
