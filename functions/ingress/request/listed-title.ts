import { readMarkdown, shorten } from '#shared/text';

/** Characters, as of a title that is asked for. */
const MAX_TITLE = 100;
/** A title stands at a text's beginning; reading more would keep other requests waiting. */
const HEAD = 16_000;

/** What lists show: the title, the topic, or what the text calls itself, else its first words. */
export function listedTitle({
  title,
  topic,
  script = '',
}: {
  readonly title?: string | undefined;
  readonly topic?: string | undefined;
  /** Markdown. */
  readonly script?: string | undefined;
}): string {
  const name = title ?? topic ?? titleOfText(script.slice(0, HEAD).toWellFormed());
  return shorten(name, MAX_TITLE).toWellFormed();
}

function titleOfText(script: string): string {
  const article = readMarkdown(script);
  const [first] = article.sections;
  return article.title ?? first?.heading ?? first?.paragraphs[0] ?? firstLine(script) ?? 'Script';
}

/** Of a text that is nothing but code, a table or a bare heading. */
function firstLine(script: string): string | undefined {
  const line = script.split(/\r?\n/).find((text) => /[\p{L}\p{N}]/u.test(text));
  const words = line
    ?.replace(/[\p{Cc}\p{Cf}#*_`>[\]|]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? undefined : words;
}
