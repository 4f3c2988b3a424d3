/** Exif's tag 0x0112 (CIPA DC-008, section 4.6.5): how the camera was held, 1 to 8; 1 where nothing says it. */
export function orientationOf(bytes: Buffer): number {
  const exif = exifOf(bytes);
  return exif === undefined ? 1 : orientationIn(exif);
}

/** The TIFF structure that the picture brings. */
function exifOf(bytes: Buffer): Buffer | undefined {
  if (bytes.readUInt16BE(0) === 0xffd8) return exifOfJpeg(bytes);
  if (bytes.toString('latin1', 0, 4) === 'RIFF')
    return chunk(bytes, { at: 12, name: 'EXIF', sizeFirst: false });
  return chunk(bytes, { at: 8, name: 'eXIf', sizeFirst: true });
}

function exifOfJpeg(bytes: Buffer): Buffer | undefined {
  for (let at = 2; at + 10 < bytes.length && bytes[at] === 0xff; ) {
    const [marker = 0, length] = [bytes[at + 1], bytes.readUInt16BE(at + 2)];
    // The picture itself begins: what follows is none of it.
    if (marker === 0xda || length < 2) return undefined;
    if (marker === 0xe1 && bytes.toString('latin1', at + 4, at + 10) === 'Exif\0\0')
      return bytes.subarray(at + 10, at + 2 + length);
    at += 2 + length;
  }
  return undefined;
}

/** Of PNG (a length before the name, big-endian, a checksum after) and of RIFF (a length after the name, padded). */
function chunk(
  bytes: Buffer,
  { at: start, name, sizeFirst }: { at: number; name: string; sizeFirst: boolean },
): Buffer | undefined {
  for (let at = start; at + 8 <= bytes.length; ) {
    const size = sizeFirst ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at + 4);
    const called = bytes.toString('latin1', at + (sizeFirst ? 4 : 0), at + (sizeFirst ? 8 : 4));
    if (called === name) {
      const found = bytes.subarray(at + 8, at + 8 + size);
      return found.toString('latin1', 0, 6) === 'Exif\0\0' ? found.subarray(6) : found;
    }
    at += 8 + size + (sizeFirst ? 4 : size % 2);
  }
  return undefined;
}

function orientationIn(tiff: Buffer): number {
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 14 || (order !== 'II' && order !== 'MM')) return 1;
  const short = (at: number): number =>
    at + 2 > tiff.length ? 0 : order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  const first = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const entries = Math.min(short(first), 500);
  for (let entry = 0; entry < entries; entry += 1) {
    const at = first + 2 + entry * 12;
    if (short(at) !== 0x0112) continue;
    const value = short(at + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
