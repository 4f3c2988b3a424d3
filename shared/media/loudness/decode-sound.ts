import { Permanent } from '#shared/errors';
import { readGivenFile } from '../ffmpeg/read-given.ts';
import { fileUrl } from '../ffmpeg/run-ffmpeg.ts';
import { probe } from '../probe/probe.ts';
import { SAMPLE_RATE } from './master.ts';
import { SOUND_TIME_LIMIT_MS } from './measure.ts';
import { readWavShape } from './wav.ts';

/** The longest sound that becomes a video, in seconds. */
const MOST_SECONDS = 3_600;

/**
 * Decodes the first sound track of a file to WAV: 48 kHz, 16 bit, mono where it is mono, else stereo.
 *
 * @throws Permanent `sound-missing`, `sound-too-long`, `media-unreadable`; and see {@link readGivenFile}
 */
export async function decodeSound(request: {
  ffmpeg: string;
  input: string;
  output: string;
  signal: AbortSignal;
}): Promise<{ seconds: number }> {
  const { ffmpeg, input, output, signal } = request;
  const { audio, durationSeconds } = await probe({ ffmpeg, path: input, signal });
  if (audio === undefined)
    throw new Permanent('sound-missing', 'The file holds no sound.', { field: 'audio' });
  if (durationSeconds > MOST_SECONDS) throw tooLong(durationSeconds);
  await readGivenFile({
    ffmpeg,
    path: input,
    signal,
    timeLimitMs: SOUND_TIME_LIMIT_MS,
    logLevel: 'warning',
    args: [
      ...['-map', '0:a:0', '-vn', '-sn', '-dn'],
      // A header may lie about the length: a second more than the most shows it.
      ...[
        '-t',
        String(MOST_SECONDS + 1),
        '-ac',
        audio.channels === 1 ? '1' : '2',
        '-ar',
        String(SAMPLE_RATE),
      ],
      ...['-c:a', 'pcm_s16le', '-map_metadata', '-1', '-bitexact', '-f', 'wav', fileUrl(output)],
    ],
  });
  const { samples, sampleRate } = await readWavShape(output);
  const seconds = samples / sampleRate;
  if (seconds > MOST_SECONDS) throw tooLong(seconds);
  if (seconds <= 0) throw new Permanent('sound-missing', 'The file holds no sound.', { field: 'audio' });
  return { seconds };
}

function tooLong(seconds: number): Permanent {
  return new Permanent(
    'sound-too-long',
    `The sound lasts ${Math.round(seconds)} s; ${MOST_SECONDS} s are the most. Cut it into several videos.`,
    { field: 'audio' },
  );
}
