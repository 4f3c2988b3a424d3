import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { createMedia, findFfmpeg } from '#shared/media';
import type { SpokenWord } from '#shared/speech';
import { type Benchmark, measured, median } from './benchmark.ts';

const GOAL = 2.5;
const ROUNDS = 3;
const SEGMENTS = 2;
const FRAMES = 300;
const FRAME = { width: 1920, height: 1080, fps: 30 };

/** Time to render scenes against the time that x264 alone takes for the same frames, 20 s at 1920×1080. */
export default {
  name: 'render',
  async run({ scratch }) {
    const ffmpeg = (await findFfmpeg()).path;
    const media = createMedia({ ffmpeg });
    const pictures = await Promise.all(
      segments((index) => drawPicture(join(scratch, `picture-${index}.png`), index)),
    );
    const render = (using: typeof media): Promise<unknown> =>
      Promise.all(
        segments((index) =>
          using.renderScene(sceneRequest({ scratch, index, picture: pictures[index] ?? '' })),
        ),
      );

    const frames = await keepFrames({ scratch, ffmpeg, render });
    const encodings = await Promise.all(segments(frames));
    await encodeAlone({ ffmpeg, encodings }); // brings the frames into memory
    const rendering: number[] = [];
    const encoding: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      encoding.push(await seconds(() => encodeAlone({ ffmpeg, encodings })));
      rendering.push(await seconds(() => render(media)));
    }
    const ratio = median(rendering) / median(encoding);
    const length = (SEGMENTS * FRAMES) / FRAME.fps;
    return [
      measured({ what: `x264 alone, ${length} s at 1080p`, value: median(encoding), unit: 's', digits: 2 }),
      measured({ what: `render ${length} s at 1080p`, value: median(rendering), unit: 's', digits: 2 }),
      measured({
        ...{ what: '… ÷ x264 alone', value: ratio, unit: '×', digits: 2, goal: { atMost: GOAL } },
      }),
    ];
  },
} satisfies Benchmark;

function segments<Made>(make: (index: number) => Made): Made[] {
  return Array.from({ length: SEGMENTS }, (_, index) => make(index));
}

/**
 * Renders once through a stand-in for FFmpeg that keeps the frames it is fed and the arguments it is given, so
 * that x264 alone has exactly the same to do.
 */
async function keepFrames(request: {
  scratch: string;
  ffmpeg: string;
  render: (media: ReturnType<typeof createMedia>) => Promise<unknown>;
}): Promise<(index: number) => Promise<string[]>> {
  const stand = join(request.scratch, 'ffmpeg-that-keeps');
  const script = [
    '#!/bin/sh',
    'for last; do :; done',
    'out=$(printf %s "$last" | cut -c6-)', // without `file:`
    'printf "%s\\n" "$@" > "$out.args"',
    `tee "$out.yuv" | "${request.ffmpeg}" "$@"`,
  ];
  await writeFile(stand, script.join('\n'));
  await chmod(stand, 0o755);
  await request.render(createMedia({ ffmpeg: stand }));
  return async (index) => {
    const output = outputPath(request.scratch, index);
    const args = (await readFile(`${output}.args`, 'utf8')).trimEnd().split('\n');
    return args.map((arg) => (arg === 'pipe:0' ? `file:${output}.yuv` : arg === 'warning' ? 'error' : arg));
  };
}

async function encodeAlone(request: { ffmpeg: string; encodings: readonly string[][] }): Promise<void> {
  await Promise.all(
    request.encodings.map(async (args) => {
      const child = spawn(request.ffmpeg, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`FFmpeg ended with ${code}.`);
    }),
  );
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1000;
}

function outputPath(scratch: string, index: number): string {
  return join(scratch, `scene-${index}.mp4`);
}

function sceneRequest({ scratch, index, picture }: { scratch: string; index: number; picture: string }) {
  return {
    ...FRAME,
    picture,
    output: outputPath(scratch, index),
    frames: FRAMES,
    words: steadyWords(FRAMES / FRAME.fps),
    seed: `scene-${index}`,
    isFirst: index === 0,
    isLast: index === SEGMENTS - 1,
    signal: new AbortController().signal,
  };
}

/** Two and a half words a second, as a narrator speaks. */
function steadyWords(length: number): SpokenWord[] {
  const text =
    'The tide comes in twice a day, slowly at first, and then all at once over the flat sand.'.split(' ');
  return Array.from({ length: Math.floor(length * 2.5) }, (_, index) => ({
    text: text[index % text.length] ?? '',
    start: 0.2 + index * 0.4,
    end: 0.55 + index * 0.4,
  }));
}

/** As busy as the platform's own illustrations: gradients, hills, a few hundred small things. */
async function drawPicture(path: string, index: number): Promise<string> {
  const { width, height } = FRAME;
  const context = createCanvas(width, height).getContext('2d');
  const sky = context.createLinearGradient(0, 0, width * 0.3, height);
  sky.addColorStop(0, index === 0 ? '#1b3a6b' : '#40205b');
  sky.addColorStop(1, '#f7e3b5');
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  for (let layer = 0; layer < 5; layer++) {
    context.fillStyle = `hsl(${200 + layer * 25} 35% ${60 - layer * 9}%)`;
    context.beginPath();
    context.moveTo(0, height);
    for (let x = 0; x <= width; x += 4) {
      context.lineTo(x, height * (0.45 + layer * 0.1) + Math.sin(x / (90 + 40 * layer) + layer) * 40);
    }
    context.lineTo(width, height);
    context.fill();
  }
  for (let thing = 0; thing < 300; thing++) {
    context.fillStyle = `hsl(${(thing * 47) % 360} 60% 55%)`;
    context.beginPath();
    context.arc((thing * 7_919) % width, (thing * 104_729) % height, 3 + (thing % 14), 0, 7);
    context.fill();
  }
  await writeFile(path, context.canvas.toBuffer('image/png'));
  return path;
}
