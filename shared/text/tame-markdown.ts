/**
 * Rewrites what would make a Markdown parser slow or deep, and takes out what is never read aloud: front matter,
 * scripts and styles.
 */
export function tameMarkdown(source: string): { readonly text: string; readonly title: string | undefined } {
  const normal = source
    .replace(/^\ufeff/, '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n');
  const { body, title } = takeFrontMatter(normal);
  const bare = ['script', 'style'].reduce(dropElements, body);
  return { text: bare.split('\n').map(tameLine).join('\n'), title };
}

function takeFrontMatter(text: string): { body: string; title: string | undefined } {
  if (!text.startsWith('---\n')) return { body: text, title: undefined };
  const end = text.indexOf('\n---\n', 3);
  const head = end === -1 ? '' : text.slice(4, end);
  if (!/^[\w-]+:/m.test(head)) return { body: text, title: undefined };
  const title = /^title:[ \t]*(.+)$/m
    .exec(head)?.[1]
    ?.trim()
    .replace(/^(["'])(.*)\1$/, '$2');
  return { body: text.slice(end + 5), title };
}

function dropElements(text: string, name: string): string {
  const lower = text.toLowerCase();
  let kept = '';
  let from = 0;
  for (;;) {
    const start = lower.indexOf(`<${name}`, from);
    const end = start === -1 ? -1 : lower.indexOf(`</${name}>`, start);
    if (end === -1) return kept + text.slice(from);
    kept += text.slice(from, start);
    from = end + name.length + 3;
  }
}

/** At most eight nested quotes, 24 columns of indent, and no run of one mark longer than twelve. */
function tameLine(line: string): string {
  return line
    .replace(/^[\t ]{25,}/, ' '.repeat(24))
    .replace(/^((?:[ \t]{0,3}>){8})[>\t ]+/, '$1 ')
    .replaceAll(/([^\p{L}\p{N}\s])\1{12,}/gu, (run: string) => run.slice(0, 12));
}

/** Pieces of at most `limit` characters, cut at blank lines outside code where possible. */
export function piecesOf(text: string, limit: number): readonly string[] {
  if (text.length <= limit) return [text];
  const pieces: string[] = [];
  let piece = '';
  let heavy = 0;
  let fence = false;
  for (const line of text.split('\n').flatMap((whole) => splitLine(whole, limit))) {
    if (/^\s{0,3}(?:```|~~~)/.test(line)) fence = !fence;
    const isBreak = !fence && line.trim() === '';
    const weight = weightOf(line);
    if (heavy + weight > limit || (isBreak && heavy > limit / 2)) {
      pieces.push(piece);
      piece = '';
      heavy = 0;
    }
    heavy += weight;
    piece += `${line}\n`;
  }
  pieces.push(piece);
  return pieces;
}

/** A parser's work grows with the square of the marks that may begin or end something. */
function weightOf(line: string): number {
  return line.length + 12 * (line.match(/[*_[\]!`<&|~]/g)?.length ?? 0);
}

function splitLine(line: string, wished: number): readonly string[] {
  const limit = weightOf(line) > wished ? wished / 8 : wished;
  if (line.length <= limit / 2) return [line];
  const parts: string[] = [];
  let rest = line;
  while (rest.length > limit / 2) {
    const space = rest.lastIndexOf(' ', limit / 2);
    const cut = space > 0 ? space : limit / 2;
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...parts, rest];
}
