import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { tiles, withLettering } from './lettering.ts';
import { singular, tokens } from './tokens.ts';

/** One picture of the emoji set. */
export interface Emoji {
  /** CLDR short name: `octopus`. */
  readonly label: string;
  /** Lower-case words that it also stands for. */
  readonly tags: readonly string[];
  /** CLDR subgroup: `animal-marine`; or `space`. */
  readonly subgroup: string;
  /** Path of the WebP picture (256 × 256). */
  readonly path: string;
}

export interface EmojiSet {
  byLabel(label: string): Emoji | undefined;
  /** By a phrase in the singular: whole labels first, then words of labels. */
  byPhrase(phrase: string): readonly Emoji[];
  byTag(tag: string): readonly Emoji[];
  readonly all: readonly Emoji[];
}

const require = createRequire(import.meta.url);
const entries = z.array(
  z.object({
    label: z.string(),
    hexcode: z.string(),
    tags: z.array(z.string()).default([]),
    subgroup: z.int().optional(),
  }),
);
const messages = z.object({ subgroups: z.array(z.object({ key: z.string(), order: z.int() })) });

/** Subgroups that make no picture: letters, arrows, flags, buttons, gestures, and variants of persons. */
const LEFT_OUT =
  /^(keycap|alphanum|arrow|av-symbol|geometric|zodiac|gender|country-flag|subdivision-flag|flag|punctuation|currency|transport-sign|skin-tone|hair-style|family|person-gesture|hand-single-finger|cat-face|face-tongue|unknown)$/;

function readJson<Schema extends z.ZodType>(module: string, schema: Schema): z.infer<Schema> {
  return schema.parse(JSON.parse(readFileSync(require.resolve(module), 'utf8')));
}

function push(index: Map<string, Emoji[]>, key: string, emoji: Emoji): void {
  const list = index.get(key);
  if (list === undefined) {
    index.set(key, [emoji]);
  } else if (!list.includes(emoji)) {
    list.push(emoji);
  }
}

/** Filed by CLDR under sky, weather or air transport, yet at home on the ground or in space. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  fire: 'place-geographic',
  snowman: 'place-geographic',
  'snowman without snow': 'place-geographic',
  thermometer: 'science',
  umbrella: 'household',
  'closed umbrella': 'household',
  'umbrella on ground': 'household',
  'ringed planet': 'space',
  'full moon': 'space',
  'new moon': 'space',
  'glowing star': 'space',
  star: 'space',
  comet: 'space',
  rocket: 'space',
  satellite: 'space',
  'flying saucer': 'space',
};

function unsuited(label: string, subgroup: string): boolean {
  return LEFT_OUT.test(subgroup) || withLettering.has(label) || tiles.has(label) || label.startsWith('no ');
}

function readEmojis(): Emoji[] {
  const folder = join(dirname(require.resolve('@lobehub/fluent-emoji-3d/package.json')), 'assets');
  const files = new Map(readdirSync(folder).map((file) => [file.replace(/-fe0f|\.webp/g, ''), file]));
  const names = new Map(
    readJson('emojibase-data/en/messages.json', messages).subgroups.map(({ key, order }) => [order, key]),
  );
  return readJson('emojibase-data/en/data.json', entries).flatMap((entry) => {
    const subgroup = names.get(entry.subgroup ?? -1) ?? 'unknown';
    const file = files.get(entry.hexcode.toLowerCase().replace(/-fe0f/g, ''));
    const label = entry.label.toLowerCase();
    if (file === undefined || unsuited(label, subgroup)) {
      return [];
    }
    return [{ label, tags: entry.tags, subgroup: ELSEWHERE[label] ?? subgroup, path: join(folder, file) }];
  });
}

/** The Fluent emoji (3D) with their CLDR names and tags, without those that carry lettering or make no picture. */
export function readEmojiSet(): EmojiSet {
  const all = readEmojis();
  const labels = new Map<string, Emoji>();
  const whole = new Map<string, Emoji[]>();
  const words = new Map<string, Emoji[]>();
  const tags = new Map<string, Emoji[]>();
  for (const emoji of all) {
    labels.set(emoji.label, emoji);
    const parts = tokens(emoji.label).map(singular);
    push(whole, parts.join(' '), emoji);
    for (const part of parts) {
      push(words, part, emoji);
    }
    for (const tag of emoji.tags) {
      push(tags, tokens(tag).map(singular).join(' '), emoji);
    }
  }
  return {
    byLabel: (label) => labels.get(label),
    byPhrase: (phrase) => [...(whole.get(phrase) ?? []), ...(words.get(phrase) ?? [])],
    byTag: (tag) => tags.get(tag) ?? [],
    all,
  };
}
