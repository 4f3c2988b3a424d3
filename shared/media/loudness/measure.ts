import { Permanent } from '#shared/errors';
import { LOCAL_ONLY, runFfmpeg } from '../ffmpeg/run-ffmpeg.ts';
import type { Loudness } from '../port.ts';

/** FFmpeg's meter of EBU R 128 with true peaks; it passes the sound on. */
export const METER = 'ebur128=peak=true:framelog=quiet';
/** Far more than the hour of sound that a video may have takes. */
export const SOUND_TIME_LIMIT_MS = 15 * 60_000;
/** What the meter says of sound that never passed its gate. */
const GATE = -70;

/**
 * Integrated loudness and true peak of a file's first sound track.
 *
 * @throws Permanent `narration-silent`, `media-unreadable`; and see {@link runFfmpeg}
 */
export async function measureLoudness(request: {
  ffmpeg: string;
  path: string;
  signal: AbortSignal;
}): Promise<Loudness> {
  const said = await runFfmpeg({
    ffmpeg: request.ffmpeg,
    signal: request.signal,
    timeLimitMs: SOUND_TIME_LIMIT_MS,
    input: request.path,
    args: [
      '-loglevel',
      'info',
      ...LOCAL_ONLY,
      '-i',
      'pipe:0',
      '-map',
      '0:a:0',
      '-af',
      METER,
      '-f',
      'null',
      '-',
    ],
  });
  return readMeter(said);
}

/** Reads the meter's summary. @throws Permanent `narration-silent` */
export function readMeter(text: string): Loudness {
  const summary = text.slice(text.lastIndexOf('Summary:'));
  const integrated = Number(/^\s+I:\s+(-?[\d.]+) LUFS/m.exec(summary)?.[1] ?? Number.NaN);
  const truePeak = Number(/^\s+Peak:\s+(-?[\d.]+) dBFS/m.exec(summary)?.[1] ?? Number.NaN);
  // A gated block is 400 ms; silence has no peak that is a number (`-inf`).
  if (!(integrated > GATE) || Number.isNaN(truePeak)) {
    throw new Permanent(
      'narration-silent',
      'The sound is silent, or shorter than the 0.4 s that loudness needs.',
    );
  }
  return { integrated, truePeak };
}
