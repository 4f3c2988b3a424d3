import { createCanvas, loadImage } from '@napi-rs/canvas';
import { Permanent } from '#shared/errors';
import { pictureSize } from '#shared/pictures';

/** Largest side of the picture that is made: room for the camera at 4K. */
const MOST_SIDE = 4_500;
const MOST_PIXELS = 50_000_000;

/**
 * A PNG, JPEG or WebP picture as PNG, no larger than the camera needs. The size is read from the header before
 * anything is decoded.
 *
 * @throws Permanent `picture-unreadable`, `picture-too-large`
 */
export async function asPng(bytes: Buffer, name: string): Promise<Buffer> {
  const size = pictureSize(bytes);
  if (size === undefined) throw unreadable(name);
  if (size.width * size.height > MOST_PIXELS) {
    throw new Permanent(
      'picture-too-large',
      `The picture ${name} has ${size.width}×${size.height} pixels; ${MOST_PIXELS} are the most.`,
      { field: 'pictures' },
    );
  }
  const image = await loadImage(bytes).catch((cause: unknown) => {
    throw unreadable(name, cause);
  });
  const scale = Math.min(1, MOST_SIDE / Math.max(image.width, image.height));
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  if (!(width > 0 && height > 0)) throw unreadable(name);
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').drawImage(image, 0, 0, width, height);
  return canvas.encode('png');
}

function unreadable(name: string, cause?: unknown): Permanent {
  return new Permanent('picture-unreadable', `${name} is no PNG, JPEG or WebP picture that can be read.`, {
    field: 'pictures',
    ...(cause === undefined ? {} : { cause }),
  });
}
