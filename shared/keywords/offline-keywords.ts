import { Permanent } from '#shared/errors';
import { cleanLine, readMarkdown, requireEnglish, shorten } from '#shared/text';
import type { Keyword, KeywordSource } from './port.ts';
import { Ranking } from './ranking.ts';
import { subjectOf } from './subject.ts';
import { rankArticle } from './text-keywords.ts';
import { rankTopic } from './topic-keywords.ts';

/** Of a topic; more than the front door takes. */
const MOST_CHARACTERS = 400;

/**
 * Keywords with no network: from the words of a topic and what WordNet relates to them, or from the weightiest
 * phrases of a text. English only.
 * @throws Permanent `language-unsupported`, `script-empty`
 */
export function createOfflineKeywords(): KeywordSource {
  return {
    async fetch({ topic, text, language, limit, signal }) {
      signal.throwIfAborted();
      const ranking = new Ranking();
      if (text === undefined) {
        const asked = shorten(cleanLine((topic ?? '').slice(0, MOST_CHARACTERS * 4)), MOST_CHARACTERS);
        await requireEnglish({ language, text: asked, field: 'topic' });
        await rankTopic(asked, ranking);
        signal.throwIfAborted();
        return { subject: subjectOf(asked), keywords: ranking.strongest(limit) };
      }
      const article = readMarkdown(text);
      const prose = article.sections.flatMap((section) => section.paragraphs);
      if (prose.length === 0) {
        throw new Permanent(
          'script-empty',
          'The script holds no sentence to narrate: code, tables, pictures and HTML are left out. Write some prose.',
          { field: 'script' },
        );
      }
      await requireEnglish({ language, text: prose.slice(0, 40).join(' '), field: 'script' });
      signal.throwIfAborted();
      await rankArticle(article, ranking);
      signal.throwIfAborted();
      const keywords = ranking.strongest(limit);
      const subject =
        article.title === undefined ? openingTerm(prose[0] ?? '', keywords) : subjectOf(article.title);
      return { subject: shorten(subject, 200), keywords };
    },
  };
}

/** Untitled, a text is about the strongest of the terms that it begins with. */
function openingTerm(paragraph: string, keywords: readonly Keyword[]): string {
  const opening = (
    /^.*?[.!?](?=\s|$)/.exec(paragraph.slice(0, 200))?.[0] ?? paragraph.slice(0, 120)
  ).toLowerCase();
  const met = keywords.find(({ term }) => opening.includes(term.toLowerCase()));
  return (met ?? keywords[0])?.term ?? 'this text';
}
