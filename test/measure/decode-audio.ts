import { spawn } from 'node:child_process';

/** Sound as mono samples between −1 and 1. */
export interface Pcm {
  readonly samples: Float32Array;
  /** Hertz. */
  readonly sampleRate: number;
}

const MOST_BYTES = 512 * 1024 * 1024;

/** Decodes the sound of a finished file with FFmpeg. @throws Error if it has none or cannot be read in `limitMs` */
export async function decodeAudio(request: {
  ffmpeg: string;
  path: string;
  sampleRate?: number;
  limitMs?: number;
}): Promise<Pcm> {
  const sampleRate = request.sampleRate ?? 16_000;
  const child = spawn(
    request.ffmpeg,
    [
      '-v',
      'error',
      '-nostdin',
      '-i',
      request.path,
      '-vn',
      '-ac',
      '1',
      '-ar',
      String(sampleRate),
      '-f',
      'f32le',
      'pipe:1',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], timeout: request.limitMs ?? 60_000, killSignal: 'SIGKILL' },
  );
  const chunks: Buffer[] = [];
  let size = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_BYTES) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk}`.slice(-2000);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new Error(`ffmpeg could not decode the sound of ${request.path}: ${complaint}`);
  const bytes = Buffer.concat(chunks);
  const samples = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)),
  );
  return { samples, sampleRate };
}
