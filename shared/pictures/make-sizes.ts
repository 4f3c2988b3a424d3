import { createCanvas, type Image, loadImage } from '@napi-rs/canvas';
import { Permanent } from '#shared/errors';
import { pictureSize } from './picture-size.ts';

export const PICTURE_SIZES = ['small', 'medium', 'large'] as const;
export type PictureSize = (typeof PICTURE_SIZES)[number];

/** Longest side, in pixels. */
const SIDES: Readonly<Record<PictureSize, number>> = { small: 320, medium: 960, large: 1_920 };
/** 160 MB while it is decoded. */
const MOST_PIXELS = 40_000_000;
const MOST_SIDE = 16_000;
const QUALITY = 82;

export interface MadeSize {
  readonly name: PictureSize;
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

/**
 * A PNG, JPEG or WebP picture upright and in its sizes, as WebP: drawn anew, so nothing that came with it (where and when
 * it was taken, with what, comments, a thumbnail of what was cut away) goes along. A size that would only be larger than
 * the picture is left out. Of moving pictures the first.
 *
 * @throws Permanent `picture-unreadable`, `picture-too-large`
 */
export async function makeSizes(
  bytes: Buffer,
  signal: AbortSignal,
): Promise<{ width: number; height: number; sizes: readonly MadeSize[] }> {
  const given = pictureSize(bytes);
  if (given === undefined || given.width === 0 || given.height === 0) throw unreadable();
  if (given.width * given.height > MOST_PIXELS || Math.max(given.width, given.height) > MOST_SIDE)
    throw new Permanent(
      'picture-too-large',
      `The picture has ${given.width}×${given.height} pixels; ${MOST_PIXELS} in all and ${MOST_SIDE} a side are the most.`,
    );
  const image = await loadImage(bytes).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  // Turned upright by the decoder, where a JPEG's or WebP's Exif says how the camera was held.
  const { width, height } = image;
  if (!(width > 0 && height > 0)) throw unreadable();
  const sizes: MadeSize[] = [];
  for (const name of PICTURE_SIZES) {
    signal.throwIfAborted();
    const scale = Math.min(1, SIDES[name] / Math.max(width, height));
    const last = sizes.at(-1);
    const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    if (last?.width === w && last.height === h) continue;
    sizes.push({ name, width: w, height: h, bytes: await draw(image, { w, h }) });
  }
  return { width, height, sizes };
}

async function draw(image: Image, { w, h }: { w: number; h: number }): Promise<Buffer> {
  const canvas = createCanvas(w, h);
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, w, h);
  return await canvas.encode('webp', QUALITY);
}

function unreadable(cause?: unknown): Permanent {
  return new Permanent(
    'picture-unreadable',
    'This is no PNG, JPEG or WebP picture that can be read.',
    cause === undefined ? {} : { cause },
  );
}
