import { graphemesOf } from '#shared/lettering';
import type { SpokenWord } from '#shared/speech';
import { breakAfter, type Phrase } from './phrases.ts';
import { type CaptionStyle, TITLE_SAFE } from './style.ts';

/** A word, or a part of one that was too long for a line. */
export interface Piece {
  readonly text: string;
  /** Which word of the phrase. */
  readonly word: number;
}

export interface PhraseLayout {
  readonly fontSize: number;
  readonly lineHeight: number;
  readonly lines: readonly (readonly Piece[])[];
}

/** Width of a text at a font size, in pixels. */
export type MeasureAt = (text: string, fontSize: number) => number;

/** The smallest lettering, as a share of the usual one. */
const SMALLEST = 0.55;

/** Sets a phrase in lines that fit: balanced where it can be, else smaller, at last with long words divided. */
export function layPhrase({
  phrase,
  style,
  measure,
}: {
  phrase: Phrase;
  style: CaptionStyle;
  measure: MeasureAt;
}): PhraseLayout {
  const ratio = style.lineHeight / style.fontSize;
  const pieces = phrase.words.map((word, index) => ({ text: word.text, word: index }));
  for (let share = 1; share >= SMALLEST; share *= 0.94) {
    const fontSize = style.fontSize * share;
    const lines = setInLines(pieces, phrase.words, style, (text) => measure(text, fontSize));
    if (lines) return { fontSize, lineHeight: fontSize * ratio, lines };
  }
  const fontSize = style.fontSize * SMALLEST;
  const most = Math.floor((style.frame.height * (TITLE_SAFE - 0.5)) / (fontSize * ratio));
  const width = (text: string): number => measure(text, fontSize);
  const lines = fillLines(divideLong(pieces, style.lineWidth, width), style.lineWidth, width);
  return { fontSize, lineHeight: fontSize * ratio, lines: lines.slice(0, Math.max(1, most)) };
}

export function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join(' ');
}

/** One line, or two of similar width; nothing if they do not fit. */
function setInLines(
  pieces: readonly Piece[],
  words: readonly SpokenWord[],
  style: CaptionStyle,
  width: (text: string) => number,
): Piece[][] | undefined {
  if (width(textOf(pieces)) <= style.lineWidth) return [[...pieces]];
  if (style.lines < 2) return undefined;
  let best: { cost: number; at: number } | undefined;
  for (let at = 1; at < pieces.length; at++) {
    const upper = width(textOf(pieces.slice(0, at)));
    const lower = width(textOf(pieces.slice(at)));
    if (Math.max(upper, lower) > style.lineWidth) continue;
    const cost = Math.abs(upper - lower) / style.lineWidth + 0.3 * breakAfter(words[at - 1], words[at]);
    if (!best || cost < best.cost) best = { cost, at };
  }
  return best && [pieces.slice(0, best.at), pieces.slice(best.at)];
}

function fillLines(pieces: readonly Piece[], most: number, width: (text: string) => number): Piece[][] {
  const lines: Piece[][] = [];
  for (const piece of pieces) {
    const line = lines.at(-1);
    if (line && width(textOf([...line, piece])) <= most) line.push(piece);
    else lines.push([piece]);
  }
  return lines;
}

/** Divides what no line can hold: after a hyphen, slash or other sign if one is near, else between letters. */
function divideLong(pieces: readonly Piece[], most: number, width: (text: string) => number): Piece[] {
  return pieces.flatMap((piece) => {
    const parts: Piece[] = [];
    let text = '';
    for (const letter of graphemesOf(piece.text)) {
      if (text !== '' && width(text + letter) > most) {
        const sign = /^(.+[-/?&=._,:;])([^-/?&=._,:;]*)$/u.exec(text);
        const isNear = sign?.[1] !== undefined && sign[1].length > text.length / 2;
        parts.push({ ...piece, text: isNear ? (sign[1] ?? text) : text });
        text = isNear ? (sign[2] ?? '') : '';
      }
      text += letter;
    }
    return [...parts, { ...piece, text }];
  });
}
