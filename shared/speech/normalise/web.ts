import { foldToAscii } from './fold.ts';
import { digitWords } from './number-words.ts';
import type { Reader } from './reader.ts';
import { spell } from './spelling.ts';

const marks: Readonly<Record<string, string>> = {
  '.': 'dot',
  '@': 'at',
  '/': 'slash',
  '-': 'dash',
  _: 'underscore',
  '+': 'plus',
  ':': 'colon',
};
const TOP_LEVEL = /\.(?:com|org|net|edu|gov|io|dev|app|info|eu|uk|us|de|fr|co|ai|tv|me|int)$/i;

/** How much of an address is read before the listener has had enough. */
const MAXIMUM_WORDS = 16;

function addressWords(address: string): string[] {
  const pieces = foldToAscii(address).match(/[A-Za-z]+|\d+|[.@/_+:-]/g) ?? [];
  return pieces
    .flatMap((piece) => {
      const mark = marks[piece];
      if (mark !== undefined) return [mark];
      if (/^\d/.test(piece)) return digitWords(piece.slice(0, 8));
      // "www", "css", "tv": no vowel, so no word.
      return /[aeiouy]/i.test(piece) && piece.length > 2
        ? [piece.toLowerCase().slice(0, 24)]
        : spell(piece.slice(0, 8));
    })
    .slice(0, MAXIMUM_WORDS);
}

/** Web addresses (without scheme, `www.`, query and fragment) and e-mail addresses. */
export const readWeb: Reader = ({ core }) => {
  if (/^[^\s@/]{1,64}@[^\s@/]+\.[^\s@/]{2,}$/.test(core)) return addressWords(core.slice(0, 300));
  const isAddress = /^(?:[a-z][a-z0-9+.-]{1,10}:\/\/|www\.)\S/i.test(core);
  const host = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?=\/|$)/i.exec(core.slice(0, 300))?.[0];
  if (!isAddress && !(host !== undefined && TOP_LEVEL.test(host) && host.length > 4)) return undefined;
  const plain = core
    .slice(0, 300)
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^www\./i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '');
  return addressWords(plain);
};
