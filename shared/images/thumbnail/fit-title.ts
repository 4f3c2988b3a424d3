import { breakWord, piecesOfTitle } from './break-title.ts';

/** A title broken into lines at a size at which it fits. */
export interface FittedTitle {
  readonly lines: readonly string[];
  /** Pixels. */
  readonly size: number;
  /** Pixels from one base line to the next. */
  readonly leading: number;
}

/** Sizes from one base line to the next: of scripts with little above and below their letters, and of all others. */
const leadings = { low: 1.08, high: 1.3 };
const LOW =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Hebrew}\p{Script=Common}\p{Script=Inherited}]*$/u;

/** Breaks into exactly so many lines or fewer, the widest line as narrow as can be; undefined when it cannot fit. */
function balance(
  pieces: readonly string[],
  count: number,
  room: number,
  widthOf: (text: string) => number,
): string[] | undefined {
  let best: { readonly lines: string[]; readonly widest: number } | undefined;
  const whole = widthOf(pieces.join(''));
  for (let share = 1; share <= 1.9; share += 0.05) {
    const limit = Math.min(room, (whole / count) * share);
    const lines: string[] = [];
    let line = '';
    for (const piece of pieces) {
      const longer = line === '' ? piece.trimStart() : line + piece;
      if (line !== '' && widthOf(longer) > limit) {
        lines.push(line);
        line = piece.trimStart();
      } else {
        line = longer;
      }
    }
    lines.push(line);
    const widest = Math.max(...lines.map(widthOf));
    if (lines.length <= count && widest <= room && (best === undefined || widest < best.widest)) {
      best = { lines, widest };
    }
  }
  return best?.lines;
}

/** Widths of texts at one pixel, put together from their words or letters: each is measured once. */
function ruler(measure: (text: string) => number): (text: string) => number {
  const known = new Map<string, number>();
  const of = (piece: string): number => {
    const width = known.get(piece) ?? measure(piece);
    known.set(piece, width);
    return width;
  };
  return (text) => text.split(' ').reduce((sum, word, at) => sum + of(word) + (at === 0 ? 0 : of(' ')), 0);
}

/**
 * The largest setting of a title in a box. `measure` gives the width of a text at a size of one pixel.
 * Words stay whole unless one alone is wider than the box at a third of the largest size.
 */
export function fitTitle(request: {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly largest: number;
  readonly mostLines: number;
  readonly measure: (text: string) => number;
}): FittedTitle {
  const { title, height, largest, mostLines } = request;
  // Kerning between pieces that were measured apart.
  const width = request.width * 0.985;
  const leading = LOW.test(title) ? leadings.low : leadings.high;
  const measure = ruler(request.measure);
  const whole = piecesOfTitle(title);
  const smallest = Math.max(4, largest * 0.1);
  for (let size = largest; size > smallest; size *= 0.96) {
    const widthOf = (text: string): number => measure(text) * size;
    const may = size < largest * 0.4;
    const pieces = whole.flatMap((piece) => (may ? breakWord(piece, width, widthOf) : [piece]));
    const rows = Math.min(mostLines, Math.floor(height / (size * leading)));
    for (let count = 1; count <= rows; count += 1) {
      const lines = balance(pieces, count, width, widthOf);
      if (lines !== undefined) {
        return { lines, size, leading: size * leading };
      }
    }
  }
  return {
    lines: [title],
    size: Math.min(smallest, width / Math.max(measure(title), 0.001)),
    leading: smallest * leading,
  };
}
