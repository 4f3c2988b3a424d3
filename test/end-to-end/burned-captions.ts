import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the caption area of one frame shows. */
export interface CaptionArea {
  /** Share of pixels beside which a letter's white meets its dark edge: no picture of ours has such steps. */
  readonly lettering: number;
  /** Middle of the spoken word's yellow, pixels from the left; undefined where nothing is yellow. */
  readonly spokenAt: number | undefined;
}

const luma = ([red, green, blue]: readonly number[]) =>
  0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0);

/** Decodes the lower third of the frame at a time and looks for letters there. */
export async function readCaptionArea(request: {
  ffmpeg: string;
  path: string;
  width: number;
  height: number;
  /** Seconds. */
  at: number;
}): Promise<CaptionArea> {
  const { ffmpeg, path, width, at } = request;
  const height = Math.floor(request.height / 3);
  const { stdout } = await promisify(execFile)(
    ffmpeg,
    [
      ...['-v', 'error', '-nostdin', '-ss', at.toFixed(3), '-i', path, '-frames:v', '1'],
      ...[
        '-vf',
        `crop=${width}:${height}:0:${request.height - height}`,
        '-pix_fmt',
        'rgb24',
        '-f',
        'rawvideo',
        'pipe:1',
      ],
    ],
    { encoding: 'buffer', maxBuffer: 2 ** 26, timeout: 30_000 },
  );
  if (stdout.length !== width * height * 3) throw new Error(`there is no frame at ${at} s`);
  const pixel = (x: number, y: number) => [...stdout.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  let steps = 0;
  const yellow: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = pixel(x, y);
      if (luma(here) > 190 && x + 2 < width && luma(pixel(x + 2, y)) < 90) steps++;
      const [red = 0, green = 0, blue = 0] = here;
      if (red > 200 && green > 150 && blue < 120) yellow.push(x);
    }
  }
  const middle = yellow.reduce((sum, x) => sum + x, 0) / yellow.length;
  return { lettering: steps / (width * height), spokenAt: yellow.length < 8 ? undefined : middle };
}
