/** How captions are set in a frame; lengths in pixels. */
export interface CaptionStyle {
  readonly frame: { readonly width: number; readonly height: number };
  readonly fontSize: number;
  readonly lineHeight: number;
  /** Widest line of text. */
  readonly lineWidth: number;
  /** Middle of the text block, from the top. */
  readonly middle: number;
  /** Lines of a phrase, where its words allow it. */
  readonly lines: number;
  /** Thickness of the dark edge round the letters, on each side. */
  readonly edge: number;
}

/** Share of the frame's sides that every screen shows (SMPTE ST 2046-1: the title-safe area is 90 %). */
export const TITLE_SAFE = 0.9;

/**
 * Landscape sets small lines low, as in films; portrait sets large ones above the lower fifth, which phone
 * players cover with their own buttons; square stands between.
 */
export function captionStyle(frame: { width: number; height: number }): CaptionStyle {
  const shape = frame.width / frame.height;
  const kind = shape > 1.2 ? LANDSCAPE : shape < 0.8 ? PORTRAIT : SQUARE;
  const fontSize = Math.max(12, Math.min(kind.ofHeight * frame.height, kind.ofWidth * frame.width));
  return {
    frame,
    fontSize,
    lineHeight: fontSize * 1.24,
    lineWidth: frame.width * kind.line,
    middle: frame.height * kind.middle,
    lines: 2,
    edge: fontSize * 0.085,
  };
}

const LANDSCAPE = { ofHeight: 0.062, ofWidth: 0.045, line: 0.7, middle: 0.835 };
const PORTRAIT = { ofHeight: 0.055, ofWidth: 0.085, line: 0.84, middle: 0.69 };
const SQUARE = { ofHeight: 0.066, ofWidth: 0.066, line: 0.82, middle: 0.81 };
