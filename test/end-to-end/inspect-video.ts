import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createMedia, findFfmpeg } from '#shared/media';

/** What is wrong with a finished video; empty when nothing is. */
export async function faultsOfVideo(request: {
  path: string;
  width: number;
  height: number;
  /** Seconds asked for; sources may hold less, sentences may need a little more. */
  seconds: number;
}): Promise<readonly string[]> {
  const { path, width, height, seconds } = request;
  const { path: ffmpeg } = await findFfmpeg();
  const signal = AbortSignal.timeout(60_000);
  const media = createMedia({ ffmpeg });
  const faults: string[] = [];
  const check = (is: boolean, fault: string) => {
    if (!is) faults.push(fault);
  };

  const { video, audio, durationSeconds } = await media.probe({ path, signal });
  const picture = `${video?.codec} ${video?.width}x${video?.height} ${video?.fps} ${video?.pixelFormat}`;
  check(picture === `h264 ${width}x${height} 30 yuv420p`, `picture: ${picture}`);
  check(audio?.codec === 'aac' && audio.sampleRate === 48_000, `sound: ${audio?.codec} ${audio?.sampleRate}`);
  check(durationSeconds > 2 && durationSeconds < seconds * 2 + 4, `duration: ${durationSeconds} s`);

  const { integrated, truePeak } = await media.measureLoudness({ path, signal });
  check(Math.abs(integrated + 14) <= 0.5, `loudness: ${integrated} LUFS`);
  check(truePeak <= -1, `true peak: ${truePeak} dBTP`);

  const filters = 'blackdetect=d=0.1,freezedetect=n=0.0005:d=1';
  const args = ['-hide_banner', '-nostdin', '-xerror', '-i', path, '-vf', filters, '-an', '-f', 'null', '-'];
  const { stderr } = await promisify(execFile)(ffmpeg, args, { timeout: 60_000 });
  for (const word of ['black_start', 'freeze_start'])
    check(!stderr.includes(word), `${word} ${stderr.split(word)[1]?.slice(0, 20)}`);
  const frames = Number(/frame=\s*(\d+)/.exec(stderr.slice(stderr.lastIndexOf('frame=')))?.[1]);
  check(Math.abs(frames - durationSeconds * 30) <= 1, `${frames} frames in ${durationSeconds} s`);
  return faults;
}
