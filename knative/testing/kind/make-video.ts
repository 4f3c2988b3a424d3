import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import { createMedia, findFfmpeg } from '#shared/media';
import { runCommand, wordsWrong } from '../../../release/command.ts';

const USAGE = 'node knative/testing/kind/make-video.ts <url> --token <token> [--minutes 20]';
const SECONDS = 6;
const LOOK_MS = 3_000;
const REQUEST_MS = 30_000;

const started = z.object({ id: z.string() });
const pipeline = z.object({
  status: z.string(),
  links: z.object({ video: z.string().optional() }),
  steps: z.array(
    z.looseObject({
      name: z.string(),
      status: z.string(),
      error: z.object({ message: z.string() }).optional(),
    }),
  ),
});

/** Makes a video by HTTP, as people do, and looks at it: `200` alone would say nothing of FFmpeg. */
await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { token: { type: 'string' }, minutes: { type: 'string', default: '20' } },
  });
  const [url] = positionals;
  const { token } = values;
  if (url === undefined || token === undefined) throw wordsWrong(USAGE);
  const ask = async (path: string, request: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(new URL(path, url), {
      ...request,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    if (answer.ok) return answer;
    const said = (await answer.text()).slice(0, 500);
    throw new Permanent('not-answered', `${path} was answered ${answer.status}: ${said}`);
  };

  const asked = { topic: 'Why octopuses have three hearts', seconds: SECONDS, size: '320x180' };
  const answer = await ask('/api/pipelines', { method: 'POST', body: JSON.stringify(asked) });
  const { id } = started.parse(await answer.json());
  process.stdout.write(`began ${id}\n`);
  const video = await finished(ask, id, Number(values.minutes) * 60_000);
  const bytes = Buffer.from(await (await ask(video)).arrayBuffer());
  const { duration, width, height } = await look(bytes);
  return `a video of ${duration.toFixed(1)} s, ${width} × ${height}, ${bytes.length} bytes\n`;
});

async function finished(
  ask: (path: string) => Promise<Response>,
  id: string,
  limitMs: number,
): Promise<string> {
  let told = '';
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(LOOK_MS)) {
    const { status, links, steps } = pipeline.parse(await (await ask(`/api/pipelines/${id}`)).json());
    const now = steps.map((step) => `${step.name} ${step.status}`).join(', ');
    if (now !== told) process.stdout.write(`${now}\n`);
    told = now;
    if (links.video !== undefined && status === 'completed') return links.video;
    const faults = steps.flatMap(({ name, error }) =>
      error === undefined ? [] : [`${name}: ${error.message}`],
    );
    if (['failed', 'cancelled'].includes(status))
      throw new Permanent('video-failed', `The run is ${status}: ${faults.join('; ')}`);
  }
  throw new Permanent('video-late', `There is no video after ${limitMs / 60_000} minutes: ${told}`);
}

/** @throws Permanent `video-wrong` */
async function look(bytes: Buffer): Promise<{ duration: number; width: number; height: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-video-'));
  try {
    const path = join(folder, 'video.mp4');
    await writeFile(path, bytes);
    const media = createMedia({ ffmpeg: (await findFfmpeg()).path });
    const {
      durationSeconds: duration,
      video,
      audio,
    } = await media.probe({
      path,
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    if (video === undefined || audio === undefined || duration < SECONDS / 2)
      throw new Permanent(
        'video-wrong',
        `It lasts ${duration} s, ${video ? '' : 'without a picture, '}${audio ? '' : 'without sound'}`,
      );
    return { duration, width: video.width, height: video.height };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
