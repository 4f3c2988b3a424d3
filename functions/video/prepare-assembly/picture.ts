import { createCanvas, loadImage } from '@napi-rs/canvas';
import { Permanent } from '#shared/errors';

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
  const size = sizeOf(bytes);
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

/** Pixels by the header: PNG (section 11.2.1), JPEG (T.81, SOF markers), WebP (RFC 9649). */
function sizeOf(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.length < 30) return undefined;
  if (bytes.readUInt32BE(0) === 0x89504e47 && bytes.toString('latin1', 12, 16) === 'IHDR')
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (bytes.readUInt16BE(0) === 0xffd8) return sizeOfJpeg(bytes);
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP')
    return sizeOfWebp(bytes);
  return undefined;
}

/**
 * Decoders skip what does not belong between segments. Here it is refused: else a small frame could be shown to us and a
 * huge one to the decoder.
 */
function sizeOfJpeg(bytes: Buffer): { width: number; height: number } | undefined {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    const isTable = [0xc4, 0xcc, 0xdb, 0xdd].includes(marker) || (marker >= 0xe0 && marker <= 0xef);
    const length = bytes.readUInt16BE(at + 2);
    if (!(isTable || marker === 0xfe) || length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

function sizeOfWebp(bytes: Buffer): { width: number; height: number } | undefined {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const packed = bytes.readUInt32LE(21);
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

function unreadable(name: string, cause?: unknown): Permanent {
  return new Permanent('picture-unreadable', `${name} is no PNG, JPEG or WebP picture that can be read.`, {
    field: 'pictures',
    ...(cause === undefined ? {} : { cause }),
  });
}
