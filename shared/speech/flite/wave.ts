/** Mono 16-bit samples of a RIFF/WAVE file. @throws Error if it is none */
export function readWave(bytes: Uint8Array): { samples: Int16Array; sampleRate: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (offset: number) => String.fromCharCode(...bytes.subarray(offset, offset + 4));
  if (bytes.length < 44 || name(0) !== 'RIFF' || name(8) !== 'WAVE') throw new Error('not a RIFF/WAVE file');
  let sampleRate = 0;
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const size = view.getUint32(offset + 4, true);
    if (name(offset) === 'fmt ') {
      if (view.getUint16(offset + 10, true) !== 1 || view.getUint16(offset + 22, true) !== 16) {
        throw new Error('not mono 16 bit');
      }
      sampleRate = view.getUint32(offset + 12, true);
    }
    if (name(offset) === 'data' && sampleRate > 0) {
      const length = Math.min(size, bytes.length - offset - 8) >> 1;
      const samples = new Int16Array(length);
      for (let index = 0; index < length; index++)
        samples[index] = view.getInt16(offset + 8 + index * 2, true);
      return { samples, sampleRate };
    }
    offset += 8 + size + (size % 2);
  }
  throw new Error('a RIFF/WAVE file without sound');
}
