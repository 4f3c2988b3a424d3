import { stat } from 'node:fs/promises';
import { Permanent } from '#shared/errors';
import { readGivenFile } from '../ffmpeg/read-given.ts';
import type { MediaInfo } from '../port.ts';

const TIME_LIMIT_MS = 20_000;

/**
 * What a media file holds, from what `ffmpeg -i` says of it (the npm binaries come without ffprobe).
 *
 * @throws Permanent `media-unreadable`; and see {@link readGivenFile}
 */
export async function probe(request: {
  ffmpeg: string;
  path: string;
  signal: AbortSignal;
}): Promise<MediaInfo> {
  await stat(request.path).catch((cause: unknown) => {
    throw new Permanent('media-unreadable', 'There is no such media file.', { cause });
  });
  const said = await readGivenFile({
    ffmpeg: request.ffmpeg,
    path: request.path,
    signal: request.signal,
    timeLimitMs: TIME_LIMIT_MS,
    logLevel: 'info',
    args: [],
    // Without an output it describes the input and complains.
    expectedExit: 1,
  });
  return readDescription(said);
}

/** Reads FFmpeg's description. Tags of the file are indented deeper, so a title cannot pose as a stream. */
export function readDescription(text: string): MediaInfo {
  const duration = /^ {2}Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/m.exec(text);
  const streams = [...text.matchAll(/^ {2}Stream #0:\d+\S* (?:\[\S+\] )?(Video|Audio): (.*)$/gm)];
  const of = (kind: string): string | undefined => streams.find((stream) => stream[1] === kind)?.[2];
  if (streams.length === 0)
    throw new Permanent('media-unreadable', 'This file holds neither picture nor sound.');
  const video = videoOf(of('Video'));
  const audio = audioOf(of('Audio'));
  return {
    durationSeconds: duration
      ? Number(duration[1]) * 3600 + Number(duration[2]) * 60 + Number(duration[3])
      : 0,
    ...(video ? { video } : {}),
    ...(audio ? { audio } : {}),
  };
}

function videoOf(line: string | undefined): MediaInfo['video'] {
  if (line === undefined) return undefined;
  // Commas inside brackets belong to a field: `yuv420p(tv, bt709, progressive)`.
  const fields = line
    .replace(/\([^()]*\)/g, '')
    .split(',')
    .map((field) => field.trim());
  const size = fields.map((field) => /^(\d+)x(\d+)\b/.exec(field)).find((found) => found !== null);
  const rate = (unit: string): string | undefined =>
    fields
      .map((field) => new RegExp(`^([\\d.]+)(k?) ${unit}$`).exec(field)?.[1])
      .find((found) => found !== undefined);
  if (!size) return undefined;
  return {
    codec: word(fields[0]),
    width: Number(size[1]),
    height: Number(size[2]),
    fps: Number(rate('fps') ?? rate('tbr') ?? 0),
    pixelFormat: word(fields[1]),
  };
}

function audioOf(line: string | undefined): MediaInfo['audio'] {
  if (line === undefined) return undefined;
  const sampleRate = Number(/(\d+) Hz/.exec(line)?.[1] ?? 0);
  const layout =
    line
      .replace(/\([^()]*\)/g, '')
      .split(',')[2]
      ?.trim() ?? '';
  return { codec: word(line), sampleRate, channels: channelsOf(layout) };
}

function channelsOf(layout: string): number {
  const counted = /^(\d+) channels/.exec(layout)?.[1];
  if (counted !== undefined) return Number(counted);
  if (layout === 'mono') return 1;
  // `5.1` is five and one.
  const surround = /^(\d)\.(\d)/.exec(layout);
  return surround ? Number(surround[1]) + Number(surround[2]) : 2;
}

function word(text: string | undefined): string {
  return /^\w+/.exec(text?.trim() ?? '')?.[0] ?? '';
}
