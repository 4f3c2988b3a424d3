import { open } from 'node:fs/promises';
import { Permanent } from '#shared/errors';

/** The picture track of an MP4 file, as its own tables tell. */
export interface VideoTrack {
  readonly frames: number;
  /** Ticks a second. */
  readonly timescale: number;
  /** Every length in ticks that a frame has, in order of appearance; one only when the track is regular. */
  readonly steps: readonly number[];
}

/** No index of a video that we make is larger. */
const MOST_INDEX_BYTES = 256 * 1024 * 1024;

/**
 * Counts the frames of an MP4 from its sample tables (ISO/IEC 14496-12: moov/trak/mdia/minf/stbl/stts).
 *
 * @throws Permanent `media-unreadable`
 */
export async function readVideoTrack(path: string): Promise<VideoTrack> {
  const moov = await readMoov(path);
  for (const trak of boxes(moov, 'trak')) {
    const mdia = first(trak, 'mdia');
    const handler = first(mdia, 'hdlr').toString('latin1', 8, 12);
    if (handler !== 'vide') continue;
    const mdhd = first(mdia, 'mdhd');
    const timescale = mdhd.readUInt32BE(mdhd[0] === 1 ? 20 : 12);
    const stts = first(first(first(mdia, 'minf'), 'stbl'), 'stts');
    const steps: number[] = [];
    let frames = 0;
    for (let entry = 0; entry < stts.readUInt32BE(4); entry++) {
      frames += stts.readUInt32BE(8 + entry * 8);
      const step = stts.readUInt32BE(12 + entry * 8);
      if (!steps.includes(step)) steps.push(step);
    }
    return { frames, timescale, steps };
  }
  throw unreadable('it has no picture track');
}

async function readMoov(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size: end } = await file.stat();
    const header = Buffer.alloc(16);
    for (let at = 0; at + 8 <= end; ) {
      await file.read(header, 0, 16, at);
      const short = header.readUInt32BE(0);
      const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? end - at : short;
      if (size < 8 || at + size > end) break;
      if (header.toString('latin1', 4, 8) === 'moov') {
        if (size > MOST_INDEX_BYTES) break;
        const body = Buffer.alloc(size - 8);
        await file.read(body, 0, body.length, at + 8);
        return body;
      }
      at += size;
    }
    throw unreadable('it has no index');
  } catch (thrown) {
    throw thrown instanceof RangeError ? unreadable('its index is damaged') : thrown;
  } finally {
    await file.close();
  }
}

/** The bodies of the boxes of one type directly inside a box. */
function boxes(inside: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 8 <= inside.length; ) {
    const size = inside.readUInt32BE(at);
    if (size < 8) break;
    if (inside.toString('latin1', at + 4, at + 8) === type) found.push(inside.subarray(at + 8, at + size));
    at += size;
  }
  return found;
}

function first(inside: Buffer, type: string): Buffer {
  const box = boxes(inside, type)[0];
  if (!box) throw unreadable(`its index has no ${type}`);
  return box;
}

function unreadable(why: string): Permanent {
  return new Permanent('media-unreadable', `This MP4 cannot be read: ${why}.`);
}
