import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A file of a typeface: the letters of a range, as the web gets them. */
export interface FacePart {
  readonly family: string;
  readonly path: string;
}

/** A typeface as npm brings it, in parts by range. */
export interface Face {
  readonly package: string;
  readonly file: (part: string) => string;
}

const { resolve } = createRequire(import.meta.url);

/** Latin, Greek and Cyrillic, ExtraBold. */
const inter: Face = { package: '@fontsource/inter', file: (part) => `inter-${part}-800-normal.woff2` };

const noto = (script: string): Face => ({
  package: `@fontsource-variable/noto-sans-${script}`,
  file: (part) => `noto-sans-${script}-${part}-wght-normal.woff2`,
});

/** Han is drawn as it is usual in China, in a text with kana as in Japan. */
const byScript: Readonly<Record<string, string>> = {
  Arabic: 'arabic',
  Armenian: 'armenian',
  Bengali: 'bengali',
  Devanagari: 'devanagari',
  Ethiopic: 'ethiopic',
  Georgian: 'georgian',
  Gujarati: 'gujarati',
  Gurmukhi: 'gurmukhi',
  Hiragana: 'jp',
  Katakana: 'jp',
  Hangul: 'kr',
  Han: 'sc',
  Bopomofo: 'sc',
  Hebrew: 'hebrew',
  Kannada: 'kannada',
  Khmer: 'khmer',
  Lao: 'lao',
  Malayalam: 'malayalam',
  Myanmar: 'myanmar',
  Sinhala: 'sinhala',
  Tamil: 'tamil',
  Telugu: 'telugu',
  Thai: 'thai',
};

const scripts = Object.entries(byScript).map(([script, name]) => ({
  name,
  has: new RegExp(`\\p{Script=${script}}`, 'u'),
}));

/** The typefaces that a text may be set in, the first one first; nothing is read yet. */
export function facesFor(text: string): readonly Face[] {
  const names = new Set(scripts.filter(({ has }) => has.test(text)).map(({ name }) => name));
  return [inter, ...[...names].sort(byHan).map(noto)];
}

/** Each script is asked for its own letters first; of those that have Han, the one whose readers the text is for. */
const hanOrder = ['jp', 'kr', 'sc'];

function byHan(a: string, b: string): number {
  return hanOrder.indexOf(a) - hanOrder.indexOf(b);
}

const known = new Map<string, readonly { from: number; to: number; part: string }[]>();

/** Named by `unicode.json`, and not in the files: rare phonetic, historic and new letters, found by drawing them all. */
const LACKING =
  /[\u0526-\u052e\u0c5c\u0cdc\u1c80-\u1c8a\u1d6c-\u1d76\u1d79\u1d7a\u1d80-\u1d9a\u2c78\u2e1c\u2e1d\u2e31\u4db6-\u4dbf\u9ff0-\ua4cf\ua640-\ua7ff\ua9c1\ua9c2\u{102e1}-\u{102fb}\u{10e60}-\u{10ec4}\u{116d0}-\u{116e3}\u{1ee00}-\u{1eeff}]/u;

/** The part of a typeface that has a letter, if it has it. */
export function partWith(face: Face, letter: string): FacePart | undefined {
  if (LACKING.test(letter)) return undefined;
  const code = letter.codePointAt(0) ?? 0;
  const found = rangesOf(face).find(({ from, to }) => code >= from && code <= to);
  if (found === undefined) return undefined;
  const path = resolve(`${face.package}/files/${face.file(found.part)}`);
  return { family: `Millrace ${face.package.split('/')[1]} ${found.part}`, path };
}

/** Parts that every typeface has for other scripts; Inter is asked first, and their files lack much that they name. */
const BORROWED = /^(?:latin|greek|cyrillic|vietnamese|math|symbols)/;

/** `unicode.json` says which part has which letters: `{ "latin": "U+0000-00FF,U+0131", "[4]": … }`. */
function rangesOf(face: Face): readonly { from: number; to: number; part: string }[] {
  const before = known.get(face.package);
  if (before !== undefined) return before;
  const parts = JSON.parse(readFileSync(resolve(`${face.package}/unicode.json`), 'utf8')) as Record<
    string,
    string
  >;
  const own = Object.entries(parts).filter(([name]) => face === inter || !BORROWED.test(name));
  const ranges = own.flatMap(([name, list]) =>
    list.split(',').map((range) => {
      const [from = 0, to = from] = range
        .trim()
        .replace(/^U\+/i, '')
        .split('-')
        .map((digits) => Number.parseInt(digits, 16));
      return { from, to, part: name.replace(/[[\]]/g, '') };
    }),
  );
  known.set(face.package, ranges);
  return ranges;
}
