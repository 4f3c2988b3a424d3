import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

export type Path = readonly (string | number)[];

/** A page that was parsed, and where its lines begin. */
export interface ReadPage {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** The line in which a path stands; where it does not, that of the nearest place around it. The first is 1. */
export function lineOf({ document, lines }: ReadPage, path: Path): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const offset = offsetOf(document, path.slice(0, depth));
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
}

/** As {@link lineOf}, in the text of a page. */
export function lineIn(text: string, path: Path): number {
  const lines = new LineCounter();
  return lineOf({ document: parseDocument(text, { lineCounter: lines }), lines }, path);
}

function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
    const key = pair?.key as Node | undefined;
    if (key?.range) return key.range[0];
  }
  const node = document.getIn(path, true) as Node | undefined;
  return node?.range?.[0];
}
