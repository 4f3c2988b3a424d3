import { runFlite } from './engine.ts';
import { parsePronunciations, parseTimedPhones } from './phones.ts';
import { readWave } from './wave.ts';
import { timeWords } from './word-times.ts';

/** One phrase for the worker: spoken words in groups, one group for each written word. */
export interface PhraseRequest {
  readonly voice: string;
  readonly groups: readonly {
    readonly spoken: readonly string[];
    readonly pause: 'none' | 'clause' | 'question' | 'sentence';
  }[];
}

export interface SpokenPhrase {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  /** One a group, seconds from the first sample. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

/** Kept around the speech when flite's own pauses at both ends are cut off. */
const MARGIN_BEFORE = 0.03;
const MARGIN_AFTER = 0.06;
const marks = { none: '', clause: ',', question: '?', sentence: '.' } as const;

/** Speaks phrases with one compiled module, remembering how single words are pronounced. */
export class PhraseSpeaker {
  readonly #module: WebAssembly.Module;
  readonly #pronunciations = new Map<string, readonly string[]>();

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  speak(request: PhraseRequest): SpokenPhrase {
    const text = request.groups
      .map((group, index) => {
        const mark = index === request.groups.length - 1 && group.pause === 'none' ? '.' : marks[group.pause];
        return `${group.spoken.join(' ')}${mark}`;
      })
      .join(' ');
    const run = runFlite({
      module: this.#module,
      arguments: ['-voice', request.voice, '-psdur', '-t', `${text} `, 'speech.wav'],
    });
    if (run.wave === undefined) throw new Error('flite wrote no sound');
    const { samples, sampleRate } = readWave(run.wave);
    const printed = parseTimedPhones(run.printed);
    const sounds = printed.filter((phone) => phone.name !== 'pau');
    const pronunciations = this.#pronounce(request.groups.flatMap((group) => group.spoken));
    const spans = timeWords({
      phones: printed,
      pronunciations: request.groups.map((group) =>
        group.spoken.flatMap((word) => pronunciations.get(word) ?? []),
      ),
    });
    const from = Math.max(0, Math.round(((sounds[0]?.start ?? 0) - MARGIN_BEFORE) * sampleRate));
    const to = Math.min(samples.length, Math.round(((sounds.at(-1)?.end ?? 0) + MARGIN_AFTER) * sampleRate));
    const spoken = samples.slice(from, Math.max(from, to));
    fadeEnds(spoken, sampleRate);
    const offset = from / sampleRate;
    return {
      samples: spoken,
      sampleRate,
      spans: spans.map((span) => ({ start: span.start - offset, end: span.end - offset })),
    };
  }

  /** Pronunciations of single words, unknown ones looked up in one run of the fastest voice, an utterance a word. */
  #pronounce(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const unknown = [...new Set(words)].filter((word) => !this.#pronunciations.has(word));
    if (unknown.length > 0) {
      if (this.#pronunciations.size > 20_000) this.#pronunciations.clear();
      const run = runFlite({
        module: this.#module,
        arguments: ['-voice', 'kal', '-ps', '-f', 'words.txt', 'none'],
        textFile: `${unknown.join('\n\n')}\n\n`,
      });
      const found = parsePronunciations(run.printed);
      for (const [index, word] of unknown.entries()) this.#pronunciations.set(word, found[index] ?? []);
    }
    return this.#pronunciations;
  }
}

/** Five milliseconds at both ends, so that a cut never clicks. */
function fadeEnds(samples: Int16Array, sampleRate: number): void {
  const length = Math.min(Math.round(sampleRate * 0.005), samples.length >> 1);
  for (let index = 0; index < length; index++) {
    const last = samples.length - 1 - index;
    samples[index] = Math.round(((samples[index] ?? 0) * index) / length);
    samples[last] = Math.round(((samples[last] ?? 0) * index) / length);
  }
}
