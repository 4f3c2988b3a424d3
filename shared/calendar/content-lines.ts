/** Of one line, unfolded: pictures that stand in a calendar as text are cut off, and nothing of use is as long. */
const LONGEST_LINE = 32_768;

/** A property of iCalendar (RFC 5545, section 3.1). */
export interface ContentLine {
  /** In capitals, as those of its parameters. */
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
  readonly value: string;
}

/**
 * The lines of a calendar, one after the other. They are joined as bytes first: some programs fold within a letter. What
 * is no line is left out.
 */
export function* contentLines(calendar: Uint8Array): Generator<ContentLine> {
  // Each byte a character, until the lines are whole.
  const bytes = Buffer.from(calendar.buffer, calendar.byteOffset, calendar.byteLength).toString('latin1');
  const size = bytes.length;
  let at = bytes.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  while (at < size) {
    const pieces: string[] = [];
    let length = 0;
    for (;;) {
      const found = bytes.indexOf('\n', at);
      const end = found === -1 ? size : found;
      if (length < LONGEST_LINE) {
        const piece = bytes.slice(at, Math.min(end, at + LONGEST_LINE - length));
        pieces.push(piece.endsWith('\r') ? piece.slice(0, -1) : piece);
        length += piece.length;
      }
      at = end + 1;
      const next = bytes[at];
      if (next !== ' ' && next !== '\t') break;
      at += 1;
    }
    const line = readLine(Buffer.from(pieces.join(''), 'latin1').toString('utf8'));
    if (line !== undefined) yield line;
  }
}

/** `NAME;PARAM="a:b";OTHER=c:value`. */
function readLine(line: string): ContentLine | undefined {
  const head = /^[A-Za-z0-9-]{1,64}/.exec(line)?.[0];
  if (head === undefined) return undefined;
  const params = new Map<string, string>();
  let at = head.length;
  while (line[at] === ';') {
    const equals = line.indexOf('=', at);
    if (equals === -1 || equals - at > 65) return undefined;
    const name = line.slice(at + 1, equals).toUpperCase();
    const isQuoted = line[equals + 1] === '"';
    const end = isQuoted ? line.indexOf('"', equals + 2) : endOfParameter(line, equals + 1);
    if (end === -1) return undefined;
    if (params.size < 20) params.set(name, line.slice(equals + (isQuoted ? 2 : 1), end));
    at = isQuoted ? end + 1 : end;
    // Further values of the same parameter (`DELEGATED-TO="a","b"`): none of ours has any.
    while (line[at] === ',') {
      const more = line[at + 1] === '"' ? line.indexOf('"', at + 2) + 1 : endOfParameter(line, at + 1);
      if (more <= at) return undefined;
      at = more;
    }
  }
  return line[at] === ':' ? { name: head.toUpperCase(), params, value: line.slice(at + 1) } : undefined;
}

function endOfParameter(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) if (';:,'.includes(line[at] ?? '')) return at;
  return -1;
}
