import { readFile, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { Permanent } from '#shared/errors';

const MOST_BYTES = 100 * 1024 * 1024;
const MOST_PIXELS = 50_000_000;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** Opaque. */
  readonly rgba: Uint8ClampedArray;
}

/**
 * Decodes a PNG to exactly this size: scaled until it covers it, what stands over is cut off evenly.
 *
 * @throws Permanent `picture-unreadable`, `picture-too-large`
 */
export async function decodePicture(request: {
  path: string;
  width: number;
  height: number;
}): Promise<DecodedPicture> {
  const { size } = await stat(request.path);
  if (size > MOST_BYTES)
    throw new Permanent('picture-too-large', `The picture has ${size} bytes; ${MOST_BYTES} are the most.`);
  const bytes = await readFile(request.path);
  checkPng(bytes);
  const image = await loadImage(bytes).catch((cause: unknown) => {
    throw unreadable('it does not decode', cause);
  });
  const { width, height } = request;
  const context = createCanvas(width, height).getContext('2d');
  context.fillStyle = '#808080';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  const scale = Math.max(width / image.width, height / image.height);
  const [w, h] = [image.width * scale, image.height * scale];
  context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
  return { width, height, rgba: context.getImageData(0, 0, width, height).data };
}

/** Walks the chunks (PNG specification, third edition, section 5): decoders show half a picture without a word. */
function checkPng(bytes: Buffer): void {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw unreadable('it is not a PNG');
  let at = 8;
  for (let type = ''; type !== 'IEND'; ) {
    if (at + 12 > bytes.length) throw unreadable('it ends too early');
    const length = bytes.readUInt32BE(at);
    if (at + 12 + length > bytes.length) throw unreadable('it ends too early');
    type = bytes.toString('latin1', at + 4, at + 8);
    if (at === 8) checkHeader(type, bytes.subarray(at + 8, at + 8 + length));
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) {
      throw unreadable(`its ${/^\w{4}$/.test(type) ? type : 'unnamed'} chunk is damaged`);
    }
    at += 12 + length;
  }
}

function checkHeader(type: string, header: Buffer): void {
  if (type !== 'IHDR' || header.length !== 13) throw unreadable('it has no header');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (width === 0 || height === 0) throw unreadable('it has no pixels');
  if (width * height > MOST_PIXELS) {
    throw new Permanent(
      'picture-too-large',
      `The picture has ${width}×${height} pixels; ${MOST_PIXELS} are the most.`,
    );
  }
}

function unreadable(why: string, cause?: unknown): Permanent {
  return new Permanent('picture-unreadable', `The scene's picture cannot be read: ${why}.`, { cause });
}
