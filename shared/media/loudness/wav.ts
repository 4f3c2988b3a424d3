import { open } from 'node:fs/promises';
import { Permanent } from '#shared/errors';

export interface WavShape {
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of one channel. */
  readonly samples: number;
}

const HEADER_BYTES = 64 * 1024;

/**
 * Reads the shape of a PCM WAV file (RIFF: Multimedia Programming Interface 1.0, 1991) from its header.
 *
 * @throws Permanent `narration-unreadable`
 */
export async function readWavShape(path: string): Promise<WavShape> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable('it is not there', cause);
  });
  try {
    const { size } = await file.stat();
    const header = Buffer.alloc(Math.min(size, HEADER_BYTES));
    await file.read(header, 0, header.length, 0);
    if (header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WAVE') {
      throw unreadable('it is not a WAV file');
    }
    return shapeOf(header, size);
  } finally {
    await file.close();
  }
}

function shapeOf(header: Buffer, fileBytes: number): WavShape {
  let format: { sampleRate: number; channels: number; block: number } | undefined;
  for (let at = 12; at + 8 <= header.length; ) {
    const name = header.toString('latin1', at, at + 4);
    const length = header.readUInt32LE(at + 4);
    if (name === 'fmt ' && length >= 16 && at + 24 <= header.length) {
      const [channels, sampleRate] = [header.readUInt16LE(at + 10), header.readUInt32LE(at + 12)];
      format = { channels, sampleRate, block: header.readUInt16LE(at + 20) };
    }
    if (name === 'data') {
      if (!format) break;
      const { channels, sampleRate, block } = format;
      if (channels < 1 || channels > 2 || sampleRate < 8_000 || sampleRate > 192_000 || block < channels)
        break;
      // A header written before its end was known says 0 or all ones; the file's own end counts.
      const bytes = Math.min(length === 0 ? Infinity : length, fileBytes - at - 8);
      return { sampleRate, channels, samples: Math.floor(bytes / block) };
    }
    at += 8 + length + (length % 2);
  }
  throw unreadable('its header is damaged or names a form other than mono or stereo PCM');
}

function unreadable(why: string, cause?: unknown): Permanent {
  return new Permanent('narration-unreadable', `The narration cannot be read: ${why}.`, { cause });
}
