import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '#shared/media';
import { createFliteSpeech } from '#shared/speech';
import { decodeAudio } from '../measure/index.ts';
import { readCaptionArea } from './burned-captions.ts';
import { type CaptionErrors, captionErrors } from './caption-errors.ts';
import { download, makeVideo, type Pipeline, productFile, VIDEO_LIMIT_MS } from './pipelines.ts';
import { type Product, startProduct } from './product.ts';
import { type CaptionCue, readCaptions } from './read-captions.ts';

/** Words that sound the same alone as in their sentence ("kg" does not), for the aligner says each of them alone. */
const SCRIPT = `# Three hearts

Three hearts beat inside an octopus. Two of them pump blood through the gills, and the third sends it around the body. In the 1990s, people measured animals of 12 kilograms.

Why do they crawl? Because swimming tires them. Their blood is blue, as it carries oxygen with copper.`;

/**
 * Seconds. Measured here on this text and on topics, three voices: beginnings of cues −0.06 … +0.01 s from the measured
 * onset (the aligner itself errs by 0.035), a cue stays 0.50 s after its last word. People see sound and picture part
 * from about 0.1 s on (ITU-R BT.1359).
 */
const tolerance = { onset: 0.12, bareSpeech: 0.1, emptyCue: 0.65 };

function isInTime({ onset, bareSpeech, emptyCue }: CaptionErrors): boolean {
  return (
    onset.every((error) => Math.abs(error) <= tolerance.onset) &&
    bareSpeech <= tolerance.bareSpeech &&
    emptyCue <= tolerance.emptyCue
  );
}

const speech = createFliteSpeech();
const frame = { width: 320, height: 180 } as const;
let ffmpeg: string;
let product: Product;
let pipeline: Pipeline;
let path: string;
let cues: readonly CaptionCue[];
let errorsWhenShifted: (seconds: number) => CaptionErrors;

beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  product = await startProduct();
  pipeline = await makeVideo(product, { script: SCRIPT, size: '320x180', seconds: 20, voice: 'slt' });
  path = productFile(product, pipeline, 'video.mp4');
  cues = readCaptions((await download(product, pipeline, 'captions.srt')).toString());
  // 16 kHz is the rate of the voice.
  const pcm = await decodeAudio({ ffmpeg, path, sampleRate: 16_000 });
  errorsWhenShifted = await captionErrors({ cues, pcm, speech, voice: 'slt' });
}, VIDEO_LIMIT_MS + 60_000);

afterAll(async () => {
  speech.close();
  await product?.remove();
});

describe('captions, against the sound of the finished file', () => {
  it('hold every word of the script, in order, the same in both files', async () => {
    const words = SCRIPT.replace(/^# .*\n/, '').split(/\s+/);
    const shown = cues.map(({ text }) => text).join(' ');
    expect(shown.split(' ')).toEqual(words.filter((word) => word !== ''));
    const vtt = (await download(product, pipeline, 'captions.vtt')).toString();
    expect(vtt).toMatch(/^WEBVTT\n\n/);
    expect(readCaptions(vtt)).toEqual(cues);
  });

  it('begin when their first word is heard, cover all speech and go after it', () => {
    const errors = errorsWhenShifted(0);
    expect(isInTime(errors), JSON.stringify(errors)).toBe(true);
  });

  it.each([-0.4, -0.2, 0.2, 0.4])('would be caught if they stood %d s elsewhere', (shift) => {
    expect(isInTime(errorsWhenShifted(shift))).toBe(false);
  });

  it('never overlap, and none flickers by', () => {
    for (const [index, { start, end }] of cues.entries()) {
      expect(end - start).toBeGreaterThan(0.8);
      expect(start).toBeGreaterThanOrEqual(cues[index - 1]?.end ?? 0);
    }
  });
});

describe('burned-in captions', () => {
  const area = (at: number) => readCaptionArea({ ffmpeg, path, ...frame, at });
  /** Measured: 0 without letters; 0.007 for one short line, 0.018 for two. */
  const visible = 0.003;

  it('stand in the picture while a cue is spoken', async () => {
    for (const { start, end } of cues) {
      const { lettering, spokenAt } = await area((start + end - 0.5) / 2);
      expect(lettering, `at ${(start + end) / 2} s`).toBeGreaterThan(visible);
      expect(spokenAt).toEqual(expect.any(Number));
    }
  });

  it('are gone in the pauses between cues, and before the first', async () => {
    const pauses = cues.flatMap(({ end }, index) => {
      const next = cues[index + 1]?.start ?? end;
      return next - end > 0.15 ? [(end + next) / 2] : [];
    });
    expect(pauses.length).toBeGreaterThan(0);
    for (const at of [0.1, ...pauses]) expect((await area(at)).lettering, `at ${at} s`).toBeLessThan(0.001);
  });

  it('mark the word that is spoken: the mark wanders along the line', async () => {
    const [first] = cues;
    const duration = (first?.end ?? 0) - 0.5 - (first?.start ?? 0);
    let before = 0;
    for (const share of [0.1, 0.35, 0.6, 0.9]) {
      const { spokenAt = 0 } = await area((first?.start ?? 0) + duration * share);
      expect(spokenAt).toBeGreaterThan(before + 15);
      before = spokenAt;
    }
  });
});
