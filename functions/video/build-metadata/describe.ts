import type { Script } from '#shared/events';
import { shorten } from '#shared/text';
import { type Chapter, timestamp } from './chapters.ts';

/** What YouTube takes at most (Data API v3, `videos`). */
const DESCRIPTION_CHARACTERS = 5_000;
const TAG_CHARACTERS = 500;
/** More of them say less. */
const MOST_TAGS = 20;

/** The description: hook and summary, chapters, the notice of a shorter video, sources and credits. */
export function describe(request: {
  readonly script: Script;
  readonly chapters: readonly Chapter[];
  readonly credits: readonly string[];
}): string {
  const { script, chapters, credits } = request;
  const blocks = [summaryOf(script)];
  if (chapters.length > 0) {
    blocks.push(
      ['Chapters', ...chapters.map(({ start, heading }) => `${timestamp(start)} ${plain(heading)}`)].join(
        '\n',
      ),
    );
  }
  if (script.shortened !== undefined) blocks.push(script.shortened);
  const sources = script.sources.map(
    ({ title, licence, url }) => `${title}. ${licence}.${url === undefined ? '' : ` ${url}`}`,
  );
  blocks.push(['Sources', ...sources].join('\n'));
  if (credits.length > 0) blocks.push(['Credits', ...credits].join('\n'));
  return cut(blocks.map(plain).join('\n\n'), DESCRIPTION_CHARACTERS);
}

/** What the first scenes say, about 400 characters. */
function summaryOf(script: Script): string {
  const said = script.scenes.slice(0, 3).map((scene) => scene.narration);
  return shorten(said.join(' '), 400);
}

/** Angle brackets are refused in descriptions. */
function plain(text: string): string {
  return text.replaceAll(/[<>]/g, '');
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const lines = text.slice(0, limit - 2).split('\n');
  return `${lines.slice(0, -1).join('\n')}\n…`;
}

/** The strongest keywords as tags, 500 characters together; one with a space counts its quotation marks. */
export function tagsOf(keywords: readonly { readonly term: string }[]): string[] {
  const tags: string[] = [];
  let characters = 0;
  for (const { term } of keywords) {
    const tag = term.replaceAll(/[<>,"]/g, '').trim();
    const cost = tag.length + (tag.includes(' ') ? 2 : 0) + (tags.length > 0 ? 1 : 0);
    if (tag === '' || tags.length >= MOST_TAGS || tags.includes(tag) || characters + cost > TAG_CHARACTERS)
      continue;
    tags.push(tag);
    characters += cost;
  }
  return tags;
}
