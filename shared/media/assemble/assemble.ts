import { rm, writeFile } from 'node:fs/promises';
import { Permanent, Transient } from '#shared/errors';
import { reach } from '#shared/faults';
import { fileUrl, LOCAL_ONLY, runFfmpeg } from '../ffmpeg/run-ffmpeg.ts';
import { SAMPLE_RATE } from '../loudness/master.ts';
import { readWavShape } from '../loudness/wav.ts';
import { readVideoTrack, type VideoTrack } from '../mp4/video-track.ts';
import type { AssemblyRequest } from '../port.ts';
import { concatList } from './concat-list.ts';

/**
 * Joins segments by copying and encodes the narration once, cut or padded to the picture's exact length.
 *
 * @throws Permanent `segments-mismatch`, `narration-unreadable`, `media-unreadable`; Transient
 * `video-incomplete`; and see {@link runFfmpeg}
 */
export async function assemble({
  ffmpeg,
  request,
}: {
  ffmpeg: string;
  request: AssemblyRequest;
}): Promise<void> {
  const { output, signal, title, totalFrames, onFrames } = request;
  const track = await checkSegments(request);
  await readWavShape(request.narration);
  const seconds = (totalFrames * (track.steps[0] ?? 0)) / track.timescale;
  const samples = Math.round(seconds * SAMPLE_RATE);
  const list = `${output}.segments.txt`;
  try {
    await writeFile(list, concatList(request.segments));
    await runFfmpeg({
      ffmpeg,
      signal,
      timeLimitMs: 60_000 + seconds * 1_000,
      // Through the pipe, so that FFmpeg ends when this process does.
      input: request.narration,
      args: [
        ...['-loglevel', 'warning', ...LOCAL_ONLY, '-safe', '0', '-f', 'concat', '-i', fileUrl(list)],
        ...[...LOCAL_ONLY, '-thread_queue_size', '1024', '-f', 'wav', '-i', 'pipe:0'],
        ...['-map', '0:v:0', '-map', '1:a:0', '-c:v', 'copy'],
        ...['-c:a', 'aac', '-b:a', '160k', '-ar', String(SAMPLE_RATE)],
        ...['-af', `aresample=${SAMPLE_RATE},apad=whole_len=${samples},atrim=end_sample=${samples}`],
        ...['-map_metadata', '-1', ...(title === undefined ? [] : ['-metadata', `title=${oneLine(title)}`])],
        ...['-video_track_timescale', String(track.timescale), '-movflags', '+faststart'],
        ...['-fflags', '+bitexact', '-flags:a', '+bitexact', '-f', 'mp4', fileUrl(output)],
      ],
      onSeconds: (done) => onFrames?.(Math.min(totalFrames, Math.round((done / seconds) * totalFrames))),
    });
    const made = await readVideoTrack(output);
    if (made.frames !== totalFrames || made.steps.length !== 1) {
      throw new Transient(
        'video-incomplete',
        `The video has ${made.frames} frames in place of ${totalFrames}.`,
      );
    }
    await reach('mux.joined');
    onFrames?.(totalFrames);
  } catch (thrown) {
    await rm(output, { force: true });
    throw thrown;
  } finally {
    await rm(list, { force: true });
  }
}

/** All segments on one grid, and together as long as promised. */
async function checkSegments({ segments, totalFrames }: AssemblyRequest): Promise<VideoTrack> {
  let grid: VideoTrack | undefined;
  let frames = 0;
  for (const [index, segment] of segments.entries()) {
    const track = await readVideoTrack(segment);
    grid ??= track;
    frames += track.frames;
    if (track.steps.length !== 1 || track.steps[0] !== grid.steps[0] || track.timescale !== grid.timescale) {
      throw new Permanent('segments-mismatch', `Segment ${index + 1} has another frame rate than the first.`);
    }
  }
  if (!grid || frames !== totalFrames) {
    throw new Permanent(
      'segments-mismatch',
      `The segments have ${frames} frames in place of ${totalFrames}.`,
    );
  }
  return grid;
}

function oneLine(title: string): string {
  return title.replace(/\p{Cc}+/gu, ' ').trim();
}
