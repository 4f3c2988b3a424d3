import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { directionOf, inVisualOrder, typefaces } from '#shared/lettering';
import type { SpokenWord } from '#shared/speech';
import type { Box } from '../motion/stage.ts';
import { layPhrase, type PhraseLayout, type Piece, textOf } from './layout.ts';
import { groupPhrases, type Phrase } from './phrases.ts';
import { type CaptionStyle, captionStyle } from './style.ts';

const WORD = '#ffffff';
const CURRENT_WORD = '#ffd54a';
const EDGE = 'rgba(10, 12, 20, 0.92)';
const SHADOW = 'rgba(4, 6, 12, 0.6)';

/** A phrase as it is drawn. */
export interface PaintedPhrase extends Phrase {
  /** The part of the frame that it covers. */
  readonly box: Box;
  /** Straight-alpha RGBA of the box while the word of this index is spoken. */
  paint(word: number): Uint8ClampedArray;
}

/** Sets words in phrases for a frame; drawing waits until `paint`. */
export function captionPhrases(request: {
  words: readonly SpokenWord[];
  width: number;
  height: number;
}): PaintedPhrase[] {
  const style = captionStyle(request);
  const { families } = typefaces(request.words.map(({ text }) => text).join(' '));
  const font = (pixels: number): string => `800 ${pixels}px ${families}`;
  const ruler = createCanvas(1, 1).getContext('2d');
  const measure = (text: string, fontSize: number): number => {
    ruler.font = font(fontSize);
    return ruler.measureText(text).width;
  };
  const phrases = groupPhrases({
    words: request.words,
    measure: (text) => measure(text, style.fontSize),
    // Two balanced lines rarely fill both to the brim.
    capacity: style.lineWidth * style.lines * 0.88,
  });
  return phrases.map((phrase) => {
    const layout = layPhrase({ phrase, style, measure });
    const box = boxOf(layout, style, measure);
    let under: Canvas | undefined;
    return {
      ...phrase,
      box,
      paint(word) {
        under ??= paintUnder({ layout, style, box, font });
        const canvas = createCanvas(box.width, box.height);
        const context = canvas.getContext('2d');
        context.drawImage(under, 0, 0);
        setText(context, { layout, style, box, font }, (piece, x, y) => {
          context.fillStyle = piece.word === word ? CURRENT_WORD : WORD;
          context.fillText(piece.text, x, y);
        });
        return context.getImageData(0, 0, box.width, box.height).data;
      },
    };
  });
}

interface Setting {
  readonly layout: PhraseLayout;
  readonly style: CaptionStyle;
  readonly box: Box;
  readonly font: (pixels: number) => string;
}

/** The dark edge and the soft shadow, which do not change from word to word. */
function paintUnder(setting: Setting): Canvas {
  const { style, box, layout } = setting;
  const canvas = createCanvas(box.width, box.height);
  const context = canvas.getContext('2d');
  const scale = layout.fontSize / style.fontSize;
  context.lineJoin = 'round';
  context.lineWidth = Math.max(2, 2 * style.edge * scale);
  context.strokeStyle = EDGE;
  context.shadowColor = SHADOW;
  context.shadowBlur = style.edge * 2.4 * scale;
  context.shadowOffsetY = style.edge * 0.9 * scale;
  setText(context, setting, (piece, x, y) => context.strokeText(piece.text, x, y));
  return canvas;
}

/** Calls `draw` with every piece's place: lines centred, kerning and spaces as in the whole line. */
function setText(
  context: SKRSContext2D,
  { layout, style, box, font }: Setting,
  draw: (piece: Piece, x: number, y: number) => void,
): void {
  context.font = font(layout.fontSize);
  context.textBaseline = 'alphabetic';
  const base = directionOf(textOf(layout.lines.flat()));
  const top = middleOf(layout, style) - (layout.lines.length * layout.lineHeight) / 2 - box.y;
  layout.lines.forEach((line, row) => {
    const left = style.frame.width / 2 - context.measureText(textOf(line)).width / 2 - box.x;
    // Inter's letters stand between 0.73 above and 0.21 below the baseline.
    const baseline = top + row * layout.lineHeight + layout.lineHeight / 2 + layout.fontSize * 0.36;
    const placed = inVisualOrder(line, { base, textOf: (piece) => piece.text });
    placed.forEach((piece, index) => {
      const before = index === 0 ? 0 : context.measureText(`${textOf(placed.slice(0, index))} `).width;
      draw(piece, left + before, baseline);
    });
  });
}

/** A block too tall for its place moves up until it stands above the frame's lower edge. */
function middleOf(layout: PhraseLayout, style: CaptionStyle): number {
  const half = (layout.lines.length * layout.lineHeight) / 2;
  return Math.min(style.middle, style.frame.height * 0.95 - half);
}

/** The block with its edge and shadow, widened to what the blender takes and kept inside the frame. */
function boxOf(
  layout: PhraseLayout,
  style: CaptionStyle,
  measure: (text: string, fontSize: number) => number,
): Box {
  const { width, height } = style.frame;
  const margin = style.edge * 6;
  const widest = Math.max(...layout.lines.map((line) => measure(textOf(line), layout.fontSize)));
  const block = layout.lines.length * layout.lineHeight;
  const boxWidth = Math.min(Math.floor(width / 16) * 16, Math.ceil((widest + 2 * margin) / 16) * 16);
  const boxHeight = Math.min(height, 2 * Math.ceil((block + 2 * margin) / 2));
  const x = 2 * Math.round((width - boxWidth) / 4);
  const y = 2 * Math.round((middleOf(layout, style) - boxHeight / 2) / 2);
  return { x, y: Math.max(0, Math.min(y, height - boxHeight)), width: boxWidth, height: boxHeight };
}
