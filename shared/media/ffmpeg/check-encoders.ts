import { execFile } from 'node:child_process';
import { Permanent } from '#shared/errors';

const NEEDED = { encoder: ['libx264', 'aac'], filter: ['alimiter', 'ebur128', 'aresample'] } as const;

/**
 * Asks FFmpeg for each encoder and filter that the platform uses, for the checks at start.
 *
 * @throws Permanent `ffmpeg-incomplete`: names what is missing
 */
export async function checkEncoders({ ffmpeg }: { ffmpeg: string }): Promise<void> {
  const missing: string[] = [];
  for (const [kind, names] of Object.entries(NEEDED)) {
    for (const name of names) if (!(await knows(ffmpeg, kind, name))) missing.push(`${kind} ${name}`);
  }
  if (missing.length === 0) return;
  throw new Permanent(
    'ffmpeg-incomplete',
    `This FFmpeg (${ffmpeg}) was built without ${missing.join(', ')}: set FFMPEG_BIN to a complete one.`,
  );
}

function knows(ffmpeg: string, kind: string, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: 10_000, maxBuffer: 262_144 };
    execFile(ffmpeg, ['-hide_banner', '-h', `${kind}=${name}`], options, (error, stdout, stderr) => {
      // An unknown name is said, but exits 0.
      resolve(!error && !/unknown|not recognized/i.test(stderr + stdout.slice(0, 300)));
    });
  });
}
