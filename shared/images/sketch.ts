import type { CompositionName } from './composition/layout.ts';
import { compositionsFor } from './composition/layout.ts';
import { chooseEmojis, type Match } from './matching/choose-emojis.ts';
import type { EmojiSet } from './matching/emoji-set.ts';
import type { PictureRequest } from './port.ts';
import { rankSettings } from './scenery/choose-setting.ts';
import { type Mood, moods } from './scenery/mood.ts';
import type { SettingName } from './scenery/settings.ts';
import { hashText, seededRandom } from './seeded-random.ts';

/** What a picture will show, decided before anything is drawn. */
export interface Sketch {
  /** Best first; empty for a still life of plain solids. */
  readonly matches: readonly Match[];
  readonly setting: SettingName;
  readonly mood: Mood;
  readonly composition: CompositionName;
}

const COMPANIONS = 4;
/** Share of the hero's score that a companion needs: a doubtful guess is worse than a quiet picture. */
const COMPANY = 0.42;
/** Three and ten have no common divisor, so ten neighbours have ten moods. */
const MOOD_STEP = 3;

/** Nothing to show: places that carry a still life. */
const empty: readonly SettingName[] = ['studio', 'discs', 'paper', 'rays', 'study'];

/** Places with nothing to see through a window. */
const flat: readonly SettingName[] = ['studio', 'discs', 'paper', 'rays', 'cells'];

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) {
    throw new RangeError('A list to choose from is empty.');
  }
  return item;
}

/** The hero and its companions. Where several emojis show the subject equally well, the pictures take turns. */
function cast(set: EmojiSet, request: Pick<PictureRequest, 'subject' | 'words' | 'position'>): Match[] {
  const matches = chooseEmojis(set, request);
  const best = matches[0];
  if (best === undefined) {
    return [];
  }
  const equals = matches.filter(({ score }) => score >= best.score * 0.95);
  const hero = at(equals, request.position.index);
  const others = matches.filter((match) => match !== hero && match.score >= best.score * COMPANY);
  const used = new Set([hero.word]);
  const companions: Match[] = [];
  for (const match of others) {
    // A second picture of the same word says nothing new.
    if (!used.has(match.word) && companions.length < COMPANIONS) {
      used.add(match.word);
      companions.push(match);
    }
  }
  return [hero, ...(companions.length > 0 ? companions : others.slice(0, 1))];
}

/**
 * Decides on objects, place, light and composition. The seed gives the whole set its starting points and the position
 * moves on from there, so neighbours differ in light and composition, and in place where several suit.
 */
export function sketchPicture(
  set: EmojiSet,
  request: Pick<PictureRequest, 'subject' | 'words' | 'seed' | 'position'>,
): Sketch {
  const { index } = request.position;
  const start = hashText(request.seed);
  const matches = cast(set, request);
  const ranked = rankSettings(request, matches, seededRandom(`${request.seed}/settings`));
  const places = matches.length === 0 ? empty : ranked.slice(0, 4);
  const compositions = compositionsFor(matches.length);
  // The fittest place every second time; between, the others in turn.
  const turn = index % 2 === 0 ? 0 : 1 + (((index - 1) / 2) % Math.max(1, places.length - 1));
  const setting = at(places, matches.length === 0 ? start + index : turn);
  const composition = at(compositions, (start >>> 8) + index + Math.floor(index / compositions.length));
  return {
    matches,
    setting,
    mood: at(moods, start + index * MOOD_STEP),
    composition: composition === 'window' && flat.includes(setting) ? 'solo' : composition,
  };
}
