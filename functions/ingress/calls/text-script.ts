import type { Script } from '#shared/events';
import { HttpProblem } from '#shared/http';
import { countWords, readMarkdown } from '#shared/text';
import { givenScript, narrationScenes, sceneOf } from './given-script.ts';

/** Of `script.json`. */
const MOST_SCENES = 600;
/** As narrators read prose. */
const WORDS_PER_SECOND = 155 / 60;

/** The script of a Markdown text as it stands: each of its sections with its heading, whole. */
export function textScript(given: { text: string; title: string; language: string }): Script {
  const { text, title, language } = given;
  const scenes = readMarkdown(text)
    .sections.flatMap(({ heading = title, paragraphs }) =>
      narrationScenes(paragraphs.join('\n\n')).map(({ narration }) => ({ heading, narration })),
    )
    .map((scene, index) => sceneOf({ index, ...scene }));
  if (scenes.length === 0)
    throw refusal('The text holds no sentence: code, tables, pictures and HTML are left out.');
  if (scenes.length > MOST_SCENES)
    throw refusal(
      `The text makes ${scenes.length} passages; ${MOST_SCENES} are the most. Send a part of it.`,
      MOST_SCENES,
    );
  const words = scenes.reduce((sum, { narration }) => sum + countWords(narration), 0);
  return givenScript({ title, language, seconds: Math.max(1, words / WORDS_PER_SECOND), scenes });
}

function refusal(message: string, limit?: number): HttpProblem {
  const errors = [{ field: 'script', message, ...(limit === undefined ? {} : { limit }) }];
  return new HttpProblem({ status: 400, code: 'request-invalid', detail: message, errors });
}
