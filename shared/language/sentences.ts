import { countWords, type Reader } from '#shared/text';

/** More words than this are hard to follow by ear, and too long for one picture. */
const LONGEST_SENTENCE = 45;

/** A host with nothing said of it. */
const IS_ADDRESS = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}[.,;:]?$/;

/** The sentences of a paragraph, ready to be spoken; an endless one is cut where it pauses. */
export function sentencesOf(paragraph: string, reader: Reader): readonly string[] {
  const joined: string[] = [];
  for (const text of piecesOf(paragraph, reader)) {
    const before = joined.at(-1);
    // '"Really?" he asked.' is one sentence.
    if (before !== undefined && /^\p{Ll}|^[)\]”’]/u.test(text) && countWords(before) < LONGEST_SENTENCE) {
      joined.splice(-1, 1, `${before} ${text}`);
    } else joined.push(text);
  }
  return joined.flatMap(cutLong).map(finish);
}

/** What the reader takes for sentences; what has no space between is none: "example.org". */
function piecesOf(paragraph: string, reader: Reader): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const piece of reader.sentences(paragraph)) {
    const text = piece.trim();
    const start = paragraph.indexOf(text, at);
    const before = pieces.at(-1);
    if (before !== undefined && start === at) pieces.splice(-1, 1, before + text);
    else pieces.push(text);
    at = (start === -1 ? at : start) + text.length;
  }
  return pieces.filter((text) => /[\p{L}\p{N}]/u.test(text) && !IS_ADDRESS.test(text));
}

function cutLong(sentence: string): readonly string[] {
  if (countWords(sentence) <= LONGEST_SENTENCE) return [sentence];
  const parts: string[] = [];
  let part: string[] = [];
  for (const word of sentence.split(' ')) {
    part.push(word);
    const pauses = part.length >= 12 && /[,;:–—]$/u.test(word);
    if (pauses || part.length >= 30) {
      parts.push(part.join(' '));
      part = [];
    }
  }
  const tail = part.join(' ');
  const before = parts.at(-1);
  if (before !== undefined && part.length < 5) parts.splice(-1, 1, `${before} ${tail}`.trim());
  else parts.push(tail);
  return parts.filter((text) => /[\p{L}\p{N}]/u.test(text));
}

const brackets: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
];

/** A bracket without its other half is nothing that is read aloud. */
function closeBrackets(text: string): string {
  let sound = text;
  for (const [open, close] of brackets)
    if (sound.split(open).length !== sound.split(close).length)
      sound = sound.replaceAll(open, ' ').replaceAll(close, ' ');
  return sound === text
    ? text
    : sound
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/ (?=[.,;:?!])/g, '')
        .trim();
}

/** Every spoken piece ends with a mark, so that the voice falls or waits. */
function finish(sentence: string): string {
  const text = closeBrackets(sentence);
  if (/[.!?…,;:]["'”’)\]]*$/u.test(text)) return text;
  return `${text.replace(/[\s–—-]+$/u, '')},`;
}
