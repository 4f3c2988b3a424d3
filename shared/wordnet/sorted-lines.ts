/** A text file whose lines are sorted by their first bytes, searched in place. */
export class SortedLines {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The line that starts at this byte, without its end. */
  lineAt(offset: number): string {
    const end = this.#bytes.indexOf(0x0a, offset);
    return this.#bytes.toString('latin1', offset, end === -1 ? this.#bytes.length : end);
  }

  /** The first line that starts with `prefix`. */
  find(prefix: string): string | undefined {
    const line = this.lineAt(this.#lowerBound(Buffer.from(prefix, 'latin1')));
    return line.startsWith(prefix) ? line : undefined;
  }

  /** All lines that start with `prefix`. */
  findAll(prefix: string): readonly string[] {
    const lines: string[] = [];
    let offset = this.#lowerBound(Buffer.from(prefix, 'latin1'));
    while (offset < this.#bytes.length) {
      const line = this.lineAt(offset);
      if (!line.startsWith(prefix)) break;
      lines.push(line);
      offset += line.length + 1;
    }
    return lines;
  }

  /** Byte at which the first line stands that is not less than `prefix`. */
  #lowerBound(prefix: Buffer): number {
    let low = 0;
    let high = this.#bytes.length;
    while (low < high) {
      const start = this.#startOfLine(Math.floor((low + high) / 2));
      const end = this.#bytes.indexOf(0x0a, start);
      const lineEnd = end === -1 ? this.#bytes.length : end;
      if (this.#bytes.compare(prefix, 0, prefix.length, start, lineEnd) < 0) low = lineEnd + 1;
      else high = start;
    }
    return low;
  }

  #startOfLine(offset: number): number {
    if (offset === 0) return 0;
    return this.#bytes.lastIndexOf(0x0a, offset - 1) + 1;
  }
}
