import { type Document, isMap, isScalar, type LineCounter, type Node } from 'yaml';
import { nearestWord } from '#shared/errors';

export type Path = readonly (string | number)[];

/** Collects what is wrong with the page, each at its line. */
export class Problems {
  readonly #file: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly found: string[] = [];

  constructor(options: { file: string; document: Document.Parsed; lines: LineCounter }) {
    this.#file = options.file;
    this.#document = options.document;
    this.#lines = options.lines;
  }

  add(path: Path, message: string): void {
    this.found.push(`${this.#file}:${this.#lineOf(path)}: ${path.join('.') || 'page'}: ${message}`);
  }

  /** As {@link add}, naming the nearest of the words that would have been right. */
  addUnknown(path: Path, what: string, value: string, valid: readonly string[]): void {
    const nearest = nearestWord(value, valid);
    const hint =
      nearest === undefined ? `valid: ${valid.join(', ') || 'none'}` : `did you mean "${nearest}"?`;
    this.add(path, `${what} "${value}" is not known; ${hint}`);
  }

  #lineOf(path: Path): number {
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const offset = this.#offsetOf(path.slice(0, depth));
      if (offset !== undefined) return this.#lines.linePos(offset).line;
    }
    return 1;
  }

  #offsetOf(path: Path): number | undefined {
    const parent = this.#document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
      const key = pair?.key as Node | undefined;
      if (key?.range) return key.range[0];
    }
    const node = this.#document.getIn(path, true) as Node | undefined;
    return node?.range?.[0];
  }
}
