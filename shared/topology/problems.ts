import { nearestWord } from '#shared/errors';
import { lineOf, type Path, type ReadPage } from './line-of.ts';

export type { Path };

/** Collects what is wrong with the page, each at its line. */
export class Problems {
  readonly #file: string;
  readonly #page: ReadPage;
  readonly found: string[] = [];

  constructor(options: ReadPage & { file: string }) {
    this.#file = options.file;
    this.#page = options;
  }

  add(path: Path, message: string): void {
    this.found.push(`${this.#file}:${lineOf(this.#page, path)}: ${path.join('.') || 'page'}: ${message}`);
  }

  /** As {@link add}, naming the nearest of the words that would have been right. */
  addUnknown(path: Path, what: string, value: string, valid: readonly string[]): void {
    const nearest = nearestWord(value, valid);
    const hint =
      nearest === undefined ? `valid: ${valid.join(', ') || 'none'}` : `did you mean "${nearest}"?`;
    this.add(path, `${what} "${value}" is not known; ${hint}`);
  }
}
