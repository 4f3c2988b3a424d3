import { join } from 'node:path';
import { Permanent } from '#shared/errors';
import type { Script, Timeline } from '#shared/events';
import { type Speech, type SpokenText, splitSentences } from '#shared/speech';
import { FrameGrid } from './frame-grid.ts';
import { WaveWriter } from './wave-writer.ts';

/** Silence in seconds: before a scene's first word, between sentences, after a scene's last word, after the last of all. */
const pauses = { lead: 0.25, sentence: 0.38, tail: 0.4, end: 0.6 };
/** How long a scene stands of which nothing can be said. */
const SILENT_SCENE = 1.5;
const LONGEST_NARRATION = 7_200;
/** Nobody speaks faster; a script beyond this many characters is refused before any work is done. */
const mostCharacters = LONGEST_NARRATION * 30;

interface Narration {
  readonly path: string;
  readonly timeline: Timeline;
}

interface NarrationRequest {
  readonly script: Script;
  readonly speech: Speech;
  readonly voice: string;
  readonly fps: number;
  readonly workdir: string;
  readonly signal: AbortSignal;
  /** Fraction spoken, and the scene in hand, from 0. */
  readonly onProgress: (fraction: number, scene: number) => void;
}

type TimedScene = Timeline['scenes'][number];

/**
 * Speaks a script sentence by sentence into one WAV file. Every scene gets a window of whole frames: its lead-in, its
 * speech and its tail, rounded up with silence, so that scenes tile the frame grid to the sample.
 * @throws Permanent `nothing-to-say`, `narration-too-long`
 */
export async function narrate(request: NarrationRequest): Promise<Narration> {
  const passages = request.script.scenes.map((scene) => splitSentences(scene.narration));
  const total = passages.flat().reduce((sum, sentence) => sum + sentence.length, 0);
  if (total === 0) {
    throw new Permanent(
      'nothing-to-say',
      'No scene of the script has a word that can be spoken; write words or numbers.',
      {
        field: 'script',
      },
    );
  }
  if (total > mostCharacters) throw tooLong();
  const path = join(request.workdir, 'speech.wav');
  const narration = new NarrationFile(path, request.fps);
  let spoken = 0;
  try {
    for (const [index, scene] of request.script.scenes.entries()) {
      const sentences = passages[index] ?? [];
      narration.beginScene({ key: scene.key, heading: scene.heading });
      for (const [at, text] of sentences.entries()) {
        request.onProgress(spoken / total, index);
        const { voice, signal } = request;
        const sentence = await request.speech.speak({
          text,
          voice,
          language: request.script.language,
          signal,
        });
        await narration.say(sentence, at === 0 ? pauses.lead : pauses.sentence);
        spoken += text.length;
      }
      const isLast = index === request.script.scenes.length - 1;
      const tail = isLast ? pauses.end : pauses.tail;
      await narration.endScene(sentences.length === 0 ? Math.max(SILENT_SCENE, tail) : tail);
    }
    return { path, timeline: await narration.finish() };
  } finally {
    await narration.close();
  }
}

/** The growing file and its timeline. It opens with the first sentence, which decides the sample rate. */
class NarrationFile {
  readonly #path: string;
  readonly #fps: number;
  readonly #scenes: TimedScene[] = [];
  #scene: { key: string; heading: string; words: TimedScene['words'] } = { key: '', heading: '', words: [] };
  #open: { wave: WaveWriter; grid: FrameGrid; sampleRate: number } | undefined;
  /** Silence owed before the next sound, in seconds: scenes may be silent before the sample rate is known. */
  #silentFrames = 0;

  constructor(path: string, fps: number) {
    this.#path = path;
    this.#fps = fps;
  }

  beginScene(scene: { key: string; heading: string }): void {
    this.#scene = { ...scene, words: [] };
  }

  async say(sentence: SpokenText, pauseBefore: number): Promise<void> {
    const { wave, sampleRate } = await this.#opened(sentence.sampleRate);
    await wave.padTo(wave.length + Math.round(pauseBefore * sampleRate));
    const offset = wave.length / sampleRate;
    for (const word of sentence.words) {
      this.#scene.words.push({
        text: word.text,
        start: milliseconds(offset + word.start),
        end: milliseconds(offset + word.end),
      });
    }
    await wave.write(sentence.samples);
    if (wave.length / sampleRate > LONGEST_NARRATION) throw tooLong();
  }

  /** Closes the scene's window on the frame grid, `tail` seconds of silence or a little more behind its last word. */
  async endScene(tail: number): Promise<void> {
    const last = this.#scenes.at(-1);
    const startFrame = last === undefined ? 0 : last.startFrame + last.frames;
    const opened = this.#open;
    if (opened === undefined) {
      const frames = Math.max(1, Math.ceil(tail * this.#fps));
      this.#silentFrames += frames;
      this.#scenes.push({ ...this.#scene, startFrame, frames });
      return;
    }
    const { wave, grid, sampleRate } = opened;
    const endFrame = Math.max(
      startFrame + 1,
      grid.frameAtOrAfter(wave.length + Math.round(tail * sampleRate)),
    );
    await wave.padTo(grid.sampleOf(endFrame));
    this.#scenes.push({ ...this.#scene, startFrame, frames: endFrame - startFrame });
  }

  async finish(): Promise<Timeline> {
    await this.#open?.wave.finish();
    const last = this.#scenes.at(-1);
    return {
      fps: this.#fps,
      totalFrames: last === undefined ? 0 : last.startFrame + last.frames,
      scenes: this.#scenes,
    };
  }

  async close(): Promise<void> {
    await this.#open?.wave.close();
  }

  async #opened(sampleRate: number): Promise<{ wave: WaveWriter; grid: FrameGrid; sampleRate: number }> {
    if (this.#open === undefined) {
      const grid = new FrameGrid({ fps: this.#fps, sampleRate });
      this.#open = { wave: await WaveWriter.create(this.#path, sampleRate), grid, sampleRate };
      await this.#open.wave.padTo(grid.sampleOf(this.#silentFrames));
    }
    if (this.#open.sampleRate !== sampleRate) {
      throw new Permanent(
        'voice-inconsistent',
        `The voice changed from ${this.#open.sampleRate} to ${sampleRate} Hz within one script.`,
      );
    }
    return this.#open;
  }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function tooLong(): Permanent {
  return new Permanent(
    'narration-too-long',
    'The narration would be longer than two hours; shorten the script or make several videos.',
    {
      field: 'script',
    },
  );
}
