import type { Scene } from '#shared/events';
import { countWords, shorten } from '#shared/text';
import type { Pace } from './pace.ts';

/** Sentences that are spoken under one heading. */
export interface Passage {
  readonly heading: string;
  readonly sentences: readonly Sentence[];
  /** Its heading was made up: it may share a scene with its neighbour more readily. */
  readonly isLoose?: boolean;
  /** Stays a scene of its own, however short. */
  readonly stands?: boolean;
}

export interface Sentence {
  readonly text: string;
  /** What a picture of it shows, weightiest first. */
  readonly pictures: readonly string[];
}

const LONGEST_SCENE_SECONDS = 12;
const SHORTEST_SCENE_SECONDS = 5;
/** Below the limit of the schema, so that long texts of tiny sections still fit. */
const MOST_SCENES = 500;

/** Cuts passages into scenes of 5 to 12 seconds (fewer for a very short video), whole sentences only. */
export function scenesFrom(request: {
  readonly passages: readonly Passage[];
  /** Length of the video; decides how long its scenes may be. */
  readonly seconds: number;
  readonly pace: Pace;
  /** Shown where a passage names nothing that can be drawn. */
  readonly subject: string;
}): Scene[] {
  const { wordsIn } = request.pace;
  const total = request.passages.flatMap((passage) => passage.sentences).reduce(addWords, 0);
  const most = wordsIn(Math.min(LONGEST_SCENE_SECONDS, Math.max(3, request.seconds / 3)));
  const least = Math.max(wordsIn(Math.min(SHORTEST_SCENE_SECONDS, request.seconds / 4)), total / MOST_SCENES);
  const groups = mergeShort(
    request.passages.flatMap((passage) => splitPassage(passage, most)),
    least,
    most,
  );
  let shown: string[] = [];
  return groups.map((group, index) => {
    const picture = pictureOf(group, shown, request.subject);
    shown = [...shown.slice(-2), picture.subject];
    return {
      key: `scene-${String(index + 1).padStart(3, '0')}`,
      role: index === 0 ? 'hook' : index === groups.length - 1 ? 'close' : 'scene',
      heading: shorten(group.heading, 120),
      narration: group.sentences.map((sentence) => sentence.text).join(' '),
      picture,
    };
  });
}

function addWords(sum: number, sentence: Sentence): number {
  return sum + countWords(sentence.text);
}

/** Even shares of at most `most` words, sentence by sentence. */
function splitPassage(passage: Passage, most: number): readonly Passage[] {
  const total = passage.sentences.reduce(addWords, 0);
  const share = total / Math.max(1, Math.ceil(total / most));
  const groups: Passage[] = [];
  let sentences: Sentence[] = [];
  let words = 0;
  for (const sentence of passage.sentences) {
    const length = countWords(sentence.text);
    if (sentences.length > 0 && (words + length > most || words + length / 2 > share)) {
      groups.push({ ...passage, sentences });
      sentences = [];
      words = 0;
    }
    sentences.push(sentence);
    words += length;
  }
  if (sentences.length > 0) groups.push({ ...passage, sentences });
  return groups;
}

/** A scene too short to look at joins its neighbour, its own passage's first. */
function mergeShort(groups: readonly Passage[], least: number, most: number): readonly Passage[] {
  const merged: Passage[] = [];
  const lengthOf = (group: Passage): number => group.sentences.reduce(addWords, 0);
  for (const group of groups) {
    const before = merged.at(-1);
    const together = before === undefined ? 0 : lengthOf(before) + lengthOf(group);
    const mayJoin = before?.stands !== true && group.stands !== true;
    const isShort = before !== undefined && (lengthOf(before) < least || lengthOf(group) < least);
    const smaller = before === undefined ? 0 : Math.min(lengthOf(before), lengthOf(group));
    // Two passages share a scene only where one is next to nothing.
    const isNear =
      mayJoin &&
      together <= most * 1.2 &&
      (before?.heading === group.heading ||
        smaller < least * (before?.isLoose === true && group.isLoose === true ? 0.9 : 0.6));
    if (before !== undefined && isShort && isNear) {
      const isHook = merged.length === 1;
      const heading = isHook || lengthOf(before) >= lengthOf(group) ? before.heading : group.heading;
      merged.splice(-1, 1, { ...before, heading, sentences: [...before.sentences, ...group.sentences] });
    } else merged.push(group);
  }
  return merged;
}

/** The weightiest thing that the last scenes did not show. */
function pictureOf(group: Passage, shown: readonly string[], fallback: string): Scene['picture'] {
  const words = [...new Set(group.sentences.flatMap((sentence) => sentence.pictures))]
    .filter((word) => word.length <= 60)
    .slice(0, 12);
  const subject = words.find((word) => !shown.includes(word)) ?? words[0] ?? shorten(fallback, 200);
  return { subject, words: words.length > 0 ? words : [shorten(fallback, 60)] };
}
