import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ArtifactRef, eventCatalogue, exampleArtifact, type Script, timeline } from '#shared/events';
import { createMedia, findFfmpeg, type Media } from '#shared/media';
import { createFliteSpeech } from '#shared/speech';
import { alignWords, decodeAudio, findSpeech, timingErrors } from '../../../test/measure/index.ts';
import renderTts from './function.ts';

const speech = createFliteSpeech();
let media: Media;
let ffmpeg: string;
let folder: string;

beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  media = createMedia({ ffmpeg });
});
afterAll(() => speech.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'render tts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const narrations = [
  'Three hearts beat inside an octopus.',
  'Two of them pump blood through the gills. The third, since the 1990s known in detail, serves the body!',
  'Would you rather crawl than swim? An octopus would.',
];

function scriptOf(texts: readonly string[], language = 'en'): Script {
  return {
    title: 'Why octopuses have three hearts',
    language,
    scenes: texts.map((narration, index) => ({
      key: `scene-${String(index + 1).padStart(3, '0')}`,
      role: 'scene',
      heading: `Part ${index + 1}`,
      narration,
      picture: { subject: 'octopus', words: ['octopus'] },
    })),
    sources: [{ title: 'The test', licence: 'CC0-1.0' }],
    requestedSeconds: 20,
    plannedSeconds: 20,
  };
}

/** Runs the handler on a script by real ports; what it puts lies in `folder`. */
async function render(request: { script: unknown; fps?: number; voice?: string; signal?: AbortSignal }) {
  const { fps = 30, voice, signal = AbortSignal.timeout(60_000) } = request;
  const scriptPath = join(folder, 'script.json');
  await writeFile(scriptPath, JSON.stringify(request.script));
  const workdir = await mkdtemp(join(folder, 'work-'));
  const settings = {
    ...eventCatalogue['pipeline.script.generated'].example.settings,
    fps,
    ...(voice === undefined ? {} : { voice }),
  };
  const data = {
    settings,
    artifact: exampleArtifact('script.json', 'application/json'),
    subject: 'octopus',
    title: 'Octopus',
    scenes: 1,
  };
  const event = { id: 'event', type: 'pipeline.script.generated' as const, key: undefined, data };
  const progress: number[] = [];
  const outcome = await renderTts.handle(
    {
      run: { id: 'run', owner: 'alice', title: 'Octopus' },
      delivery: { id: 'delivery', attempt: 1, key: undefined },
      // The handler asks for this one type only.
      one: () => event as never,
      all: () => [event as never],
    },
    {
      speech,
      media,
      signal,
      workdir,
      progress: (fraction) => progress.push(fraction),
      log: { info: () => undefined, warn: () => undefined },
      clock: { now: () => new Date(0) },
      provider: async () => undefined,
      random: { next: () => 0.5 },
      fetch: async () => scriptPath,
      place: async () => 'nowhere',
      put: async (name, source): Promise<ArtifactRef> => {
        const path = join(folder, name);
        if ('path' in source) await copyFile(source.path, path);
        else await writeFile(path, source.bytes);
        const bytes = await readFile(path);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { name, key: name, type: 'application/octet-stream', bytes: bytes.length, sha256 };
      },
    },
  );
  return { outcome, progress, workdir, settings };
}

async function readTimeline() {
  return timeline.parse(JSON.parse(await readFile(join(folder, 'timeline.json'), 'utf8')));
}

describe('a narration', () => {
  test.each([24, 30, 25, 7])('tiles the frame grid at %i frames a second, to the sample', async (fps) => {
    const { outcome, settings } = await render({ script: scriptOf(narrations), fps });
    const { totalFrames, scenes } = await readTimeline();
    let frame = 0;
    for (const scene of scenes) {
      expect(scene.startFrame).toBe(frame);
      frame += scene.frames;
      for (const word of scene.words) {
        expect(word.start).toBeGreaterThan(scene.startFrame / fps + 0.2);
        expect(word.end).toBeLessThan((scene.startFrame + scene.frames) / fps - 0.3);
      }
    }
    expect(frame).toBe(totalFrames);
    const { samples } = await decodeAudio({
      ffmpeg,
      path: join(folder, 'narration.wav'),
      sampleRate: 48_000,
    });
    // The voice has 16 kHz: its last boundary may be half a sample off, one and a half at 48 kHz.
    expect(Math.abs(samples.length - (totalFrames * 48_000) / fps)).toBeLessThanOrEqual(2);
    const [narration, ...others] = outcome.puts ?? [];
    const published = eventCatalogue['pipeline.audio.rendered'].data.parse({
      ...narration?.data,
      artifact: narration?.artifact,
    });
    expect(published).toMatchObject({ settings, voice: 'rms', durationSeconds: totalFrames / fps });
    expect(others.map((put) => put.artifact.name)).toEqual(['timeline.json', 'captions.srt', 'captions.vtt']);
    expect(published.captions.vtt).toEqual(others[2]?.artifact);
  });

  test('is heard as its timeline says: onsets measured on the mastered sound', async () => {
    await render({ script: scriptOf(narrations), voice: 'slt' });
    const words = (await readTimeline()).scenes.flatMap((scene) => scene.words);
    expect(words.map((word) => word.text).join(' ')).toBe(narrations.join(' '));
    const pcm = await decodeAudio({ ffmpeg, path: join(folder, 'narration.wav') });
    const heard = await alignWords({ pcm, words: words.map((word) => word.text), speech, voice: 'slt' });
    const errors = timingErrors(words, heard);
    expect(errors.medianAbsolute).toBeLessThan(0.04);
    expect(errors.p90Absolute).toBeLessThan(0.1);
  });

  test('opens and ends in silence, with −14 LUFS and no clipping between', async () => {
    await render({ script: scriptOf(narrations) });
    const path = join(folder, 'narration.wav');
    const pcm = await decodeAudio({ ffmpeg, path });
    const stretches = findSpeech(pcm);
    expect(stretches[0]?.start).toBeGreaterThan(0.2);
    expect(stretches[0]?.start).toBeLessThan(0.45);
    const end = pcm.samples.length / pcm.sampleRate - (stretches.at(-1)?.end ?? 0);
    expect(end).toBeGreaterThan(0.5);
    expect(end).toBeLessThan(1);
    const loudness = await media.measureLoudness({ path, signal: AbortSignal.timeout(20_000) });
    expect(loudness.integrated).toBeGreaterThan(-14.5);
    expect(loudness.integrated).toBeLessThan(-13.5);
    expect(loudness.truePeak).toBeLessThanOrEqual(-1);
  });

  test('has captions that begin with their words', async () => {
    await render({ script: scriptOf(narrations) });
    const vtt = await readFile(join(folder, 'captions.vtt'), 'utf8');
    expect(vtt.startsWith('WEBVTT\n\n')).toBe(true);
    expect(vtt).toContain('Three hearts beat inside an octopus.');
    const srt = await readFile(join(folder, 'captions.srt'), 'utf8');
    const first = (await readTimeline()).scenes[0]?.words[0]?.start ?? 0;
    expect(srt).toContain(`00:00:00,${String(Math.round(first * 1000)).padStart(3, '0')} --> `);
  });

  test('reports progress that only grows', async () => {
    const { progress } = await render({ script: scriptOf(narrations) });
    expect(progress.length).toBeGreaterThan(3);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  test('shows a scene of which nothing can be said, wherever it stands', async () => {
    await render({ script: scriptOf(['😀 …', 'Something is said here.', '—']) });
    const { scenes, totalFrames } = await readTimeline();
    expect(scenes.map((scene) => scene.words.length)).toEqual([0, 4, 0]);
    expect(scenes[0]?.frames).toBe(45);
    const { samples } = await decodeAudio({ ffmpeg, path: join(folder, 'narration.wav') });
    expect(Math.abs(samples.length / 16_000 - totalFrames / 30)).toBeLessThan(0.001);
  });
});

describe('refuses for good', () => {
  test.each([
    ['no word at all', { script: scriptOf(['😀', '!!!']) }, 'nothing-to-say'],
    ['an unknown voice', { script: scriptOf(narrations), voice: 'bob' }, 'voice-unknown'],
    ['another language', { script: scriptOf(narrations, 'de') }, 'language-unsupported'],
    ['no script', { script: { scenes: [] } }, 'script-invalid'],
    [
      'hours of text',
      { script: scriptOf(Array(60).fill('word '.repeat(1_000).trim())) },
      'narration-too-long',
    ],
  ])('%s', async (_, request, code) => {
    await expect(render(request)).rejects.toMatchObject({ kind: 'permanent', code });
  });
});

test('cancelled in the middle, it ends at once and leaves no file open or running', async () => {
  const control = new AbortController();
  setTimeout(() => control.abort(), 400);
  const long = scriptOf(Array(40).fill(narrations.join(' ')));
  await expect(render({ script: long, signal: control.signal })).rejects.toMatchObject({ kind: 'cancelled' });
  expect(await readdir(folder)).not.toContain('narration.wav');
});
