import { graphemesOf } from '#shared/lettering';

/** Scripts that put no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** A title in pieces between which a line may end; one that stands apart begins with a space. */
export function piecesOfTitle(title: string): readonly string[] {
  return title.split(' ').flatMap((word, index) => {
    const [first = '', ...rest] = UNSPACED.test(word) ? unspacedWords(word) : [word];
    return [index === 0 ? first : ` ${first}`, ...rest];
  });
}

/** Signs stay with the word before them; an opening one with the word behind it. */
function unspacedWords(text: string): readonly string[] {
  const pieces: string[] = [];
  let opening = '';
  for (const { segment, isWordLike } of words.segment(text)) {
    if (isWordLike) {
      pieces.push(opening + segment);
      opening = '';
    } else if (/^[\p{Ps}\p{Pi}]+$/u.test(segment) || pieces.length === 0) opening += segment;
    else pieces[pieces.length - 1] += segment;
  }
  if (opening !== '') pieces.push((pieces.pop() ?? '') + opening);
  return pieces;
}

/** Breaks what is wider than a line on its own, so that a word of a hundred letters is still whole. */
export function breakWord(word: string, room: number, widthOf: (text: string) => number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let filled = 0;
  for (const letter of graphemesOf(word)) {
    const wide = widthOf(letter);
    if (piece.trim() !== '' && filled + wide > room) {
      pieces.push(piece);
      piece = '';
      filled = 0;
    }
    piece += letter;
    filled += wide;
  }
  return [...pieces, piece];
}
