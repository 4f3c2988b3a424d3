import { createCanvas } from '@napi-rs/canvas';
import { directionOf, typefaces } from '#shared/lettering';
import { betweenSteps, unlessAborted } from '../between-steps.ts';
import { faded, mix, shade } from '../color.ts';
import type { Box, FramePlan } from '../composition/layout.ts';
import type { Sprite } from '../composition/sprite.ts';
import { drawPicture } from '../draw-picture.ts';
import type { Sketch } from '../sketch.ts';
import { type FittedTitle, fitTitle } from './fit-title.ts';
import { readableTitle } from './readable-title.ts';

/** YouTube takes thumbnails up to 2 MB. */
const MOST_BYTES = 2_000_000;

/** Where the title and where the picture go: side by side in a wide frame, below each other in others. */
export function planThumbnail(
  width: number,
  height: number,
): { readonly text: Box; readonly picture: FramePlan } {
  const wide = width > height * 1.15;
  const tall = height > width * 1.15;
  const box = (x: number, y: number, w: number, h: number): Box => ({
    x: width * x,
    y: height * y,
    width: width * w,
    height: height * h,
  });
  if (wide) {
    return {
      text: box(0.05, 0.09, 0.52, 0.82),
      picture: {
        safe: box(0.6, 0.14, 0.35, 0.74),
        horizon: height * 0.66,
        foot: height * 0.86,
        shape: 'square',
      },
    };
  }
  return {
    text: tall ? box(0.08, 0.08, 0.84, 0.38) : box(0.06, 0.06, 0.88, 0.4),
    picture: {
      safe: tall ? box(0.12, 0.5, 0.76, 0.38) : box(0.2, 0.5, 0.6, 0.43),
      horizon: height * 0.72,
      foot: height * (tall ? 0.87 : 0.91),
      shape: 'square',
    },
  };
}

/** Fits a title with the bundled typeface; undefined when nothing of it can be set. */
export function setTitle(title: string, room: Box, height: number): FittedTitle | undefined {
  const readable = readableTitle(title);
  if (readable === '') {
    return undefined;
  }
  const probe = createCanvas(8, 8).getContext('2d');
  probe.lang = 'en';
  probe.font = `800 200px ${typefaces(readable).families}`;
  return fitTitle({
    title: readable,
    width: room.width,
    height: room.height,
    largest: height * 0.2,
    mostLines: 8,
    measure: (text) => probe.measureText(text).width / 200,
  });
}

/** A poster: the picture with the title in large type over a panel of shade. JPEG under 2 MB. */
export async function drawThumbnail(request: {
  readonly sketch: Sketch;
  readonly sprites: readonly Sprite[];
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly seed: string;
  readonly signal: AbortSignal;
}): Promise<Uint8Array> {
  const { width, height, sketch, signal } = request;
  const plan = planThumbnail(width, height);
  const titled = setTitle(request.title, plan.text, Math.min(width, height));
  const { canvas } = await drawPicture({
    ...request,
    sketch: { ...sketch, composition: 'solo' },
    sprites: request.sprites.slice(0, 1),
    ...(titled === undefined ? {} : { plan: plan.picture }),
  });
  const ctx = canvas.getContext('2d');
  if (titled !== undefined) {
    const dark = mix(shade(sketch.mood.shadow, -0.06), '#0a1024', 0.55);
    const side = width > height * 1.15;
    const gradient = ctx.createLinearGradient(0, 0, side ? width * 0.8 : 0, side ? 0 : height * 0.66);
    for (const [at, opacity] of [
      [0, 0.9],
      [0.4, 0.84],
      [0.6, 0.68],
      [0.75, 0.44],
      [0.88, 0.17],
      [0.95, 0.05],
      [1, 0],
    ] as const) {
      gradient.addColorStop(at, faded(dark, opacity));
    }
    ctx.fillStyle = gradient;
    ctx.fillRect(0, 0, width, height);
    ctx.lang = 'en';
    ctx.font = `800 ${titled.size}px ${typefaces(titled.lines.join(' ')).families}`;
    ctx.textBaseline = 'alphabetic';
    ctx.fillStyle = '#ffffff';
    ctx.shadowColor = faded('#000000', 0.45);
    ctx.shadowBlur = titled.size * 0.12;
    ctx.shadowOffsetY = titled.size * 0.03;
    const isRightToLeft = directionOf(titled.lines.join(' ')) === 'rtl';
    ctx.direction = isRightToLeft ? 'rtl' : 'ltr';
    ctx.textAlign = isRightToLeft ? 'right' : 'left';
    const left = isRightToLeft ? plan.text.x + plan.text.width : plan.text.x;
    // Letters of other scripts stand higher than Latin capitals.
    const { actualBoundingBoxAscent: ascent } = ctx.measureText(titled.lines[0] ?? '');
    const rise = Math.max(titled.size * 1.12, ascent + titled.size * 0.26);
    const block = titled.leading * (titled.lines.length - 1) + titled.size * 0.73;
    const top = plan.text.y + (plan.text.height - block) / 2 + titled.size * 0.73;
    for (const [at, line] of titled.lines.entries()) {
      ctx.fillText(line, left, top + at * titled.leading);
    }
    ctx.shadowColor = 'transparent';
    ctx.fillStyle = sketch.mood.accent;
    ctx.beginPath();
    ctx.roundRect(
      isRightToLeft ? left - width * 0.07 : left,
      Math.max(height * 0.03, top - rise),
      width * 0.07,
      height * 0.014,
      height * 0.007,
    );
    ctx.fill();
  }
  for (let quality = 92; ; quality -= 12) {
    await betweenSteps(signal);
    const bytes = await unlessAborted(signal, canvas.encode('jpeg', quality));
    if (bytes.length < MOST_BYTES || quality < 30) {
      return bytes;
    }
  }
}
