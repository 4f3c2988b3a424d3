import { readFile } from 'node:fs/promises';
import { type Canvas, createCanvas, type ImageData, loadImage } from '@napi-rs/canvas';
import type { Emoji } from '../matching/emoji-set.ts';

/** An emoji's picture, cut to its visible part. */
export interface Sprite {
  readonly emoji: Emoji;
  /** Pixels of the cut picture. */
  readonly width: number;
  readonly height: number;
  /** The picture with its longer side so many pixels long, with crisp edges. */
  scaled(longest: number): Canvas;
}

const KEPT = 48;
const SHARPEN = 0.55;

/** Unsharp mask against the four neighbours, on opaque pixels. */
function sharpen(image: ImageData): void {
  const { width, height, data } = image;
  const source = Uint8ClampedArray.from(data);
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = (y * width + x) * 4;
      const around = [at - 4, at + 4, at - width * 4, at + width * 4];
      if (around.some((next) => (source[next + 3] ?? 0) < 250)) {
        continue;
      }
      for (let channel = 0; channel < 3; channel += 1) {
        const value = source[at + channel] ?? 0;
        const mean = around.reduce((sum, next) => sum + (source[next + channel] ?? 0), 0) / 4;
        data[at + channel] = value + (value - mean) * SHARPEN;
      }
    }
  }
}

/** Steepens the edge that enlarging has softened, about its middle. */
function steepen(image: ImageData, slope: number): void {
  const { data } = image;
  for (let at = 3; at < data.length; at += 4) {
    const alpha = data[at] ?? 0;
    if (alpha > 0 && alpha < 255) {
      data[at] = (alpha - 128) * slope + 128;
    }
  }
}

interface Cut {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Share of see-through pixels among the visible ones: glass and bubbles keep their soft alpha. */
  readonly sheer: number;
}

function visiblePart({ width, height, data }: ImageData): Cut {
  let [left, top, right, bottom, visible, soft] = [width, height, 0, 0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const alpha = data[(y * width + x) * 4 + 3] ?? 0;
      if (alpha > 24) {
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
        visible += 1;
        soft += alpha < 215 ? 1 : 0;
      }
    }
  }
  return {
    x: left,
    y: top,
    width: Math.max(1, right - left),
    height: Math.max(1, bottom - top),
    sheer: soft / Math.max(1, visible),
  };
}

function makeSprite(emoji: Emoji, full: Canvas): Sprite {
  const image = full.getContext('2d').getImageData(0, 0, full.width, full.height);
  const cut = visiblePart(image);
  sharpen(image);
  full.getContext('2d').putImageData(image, 0, 0);
  return {
    emoji,
    width: cut.width,
    height: cut.height,
    scaled: (longest) => {
      const factor = longest / Math.max(cut.width, cut.height);
      const target = createCanvas(
        Math.max(1, Math.round(cut.width * factor)),
        Math.max(1, Math.round(cut.height * factor)),
      );
      const ctx = target.getContext('2d');
      ctx.imageSmoothingQuality = 'high';
      ctx.drawImage(full, cut.x, cut.y, cut.width, cut.height, 0, 0, target.width, target.height);
      if (factor > 1.2 && cut.sheer < 0.12) {
        const enlarged = ctx.getImageData(0, 0, target.width, target.height);
        steepen(enlarged, Math.min(4, factor));
        ctx.putImageData(enlarged, 0, 0);
      }
      return target;
    },
  };
}

/** Reads pictures of the emoji set; the latest few dozen stay in memory. */
export function spriteReader(): (emoji: Emoji) => Promise<Sprite> {
  const kept = new Map<string, Sprite>();
  return async (emoji) => {
    const known = kept.get(emoji.label);
    if (known !== undefined) {
      return known;
    }
    const picture = await loadImage(await readFile(emoji.path));
    const canvas = createCanvas(picture.width, picture.height);
    canvas.getContext('2d').drawImage(picture, 0, 0);
    const sprite = makeSprite(emoji, canvas);
    kept.set(emoji.label, sprite);
    const oldest = kept.keys().next();
    if (kept.size > KEPT && oldest.done === false) {
      kept.delete(oldest.value);
    }
    return sprite;
  };
}
