import { script } from '#shared/events';
import { readMarkdown, requireEnglish } from '#shared/text';
import { createPace } from './pace.ts';
import type { ScriptWriter } from './port.ts';
import { writeTopic } from './topic/write-topic.ts';
import { writeArticle } from './write-article.ts';

/**
 * Writes scripts with no network and no language model: from the author's text where given, else from WordNet.
 * The same request gives the same script. English only: Permanent `language-unsupported` otherwise.
 */
export function createOfflineScriptWriter(): ScriptWriter {
  return {
    async write(request) {
      request.signal.throwIfAborted();
      const { subject, topic, text, title, seconds, language, signal } = request;
      const pace = createPace(request.wordsPerMinute);
      if (text === undefined) {
        const asked = topic ?? subject;
        await requireEnglish({ language, text: asked, field: 'topic' });
        return script.parse(
          await writeTopic({ topic: asked, subject, title, seconds, pace, language, signal }),
        );
      }
      await requireEnglish({ language, text: proseOf(text), field: 'script' });
      const keywords = request.keywords.slice(0, 20).map((keyword) => keyword.term);
      return script.parse(
        await writeArticle({ text, subject, title, keywords, seconds, pace, language, signal }),
      );
    },
  };
}

/** A sample of the text without its marks, for the guess of its language. */
function proseOf(text: string): string {
  return readMarkdown(text.slice(0, 12_000))
    .sections.flatMap((section) => section.paragraphs)
    .join(' ');
}
