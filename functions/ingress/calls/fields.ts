import { z } from '@hono/zod-openapi';
import { languageTag, markdown, oneLine } from '../schemas/words.ts';

/** Fields that several calls take. */
export const topic = oneLine({ min: 3, max: 200 }).openapi({ example: 'Why octopuses have three hearts' });
export const ownText = markdown.openapi({
  description: 'Your own text in Markdown, at most 200 KB of UTF-8.',
  example: '# Three hearts\n\nAn octopus has three hearts. Two serve the gills.',
});
export const language = languageTag.openapi({ type: 'string', description: 'BCP 47 tag.', example: 'en' });
export const title = oneLine({ min: 1, max: 100 });
export const format = z.enum(['long', 'short', 'square']).openapi({ description: '16:9, 9:16 or 1:1.' });

/** The path under which this interface answers the bytes. */
export const reference = z
  .string()
  .max(600)
  .regex(
    /^\/api\/(pipelines\/[0-9a-f-]{36}\/artifacts\/[^/?#]+(\/[^/?#]+)?|v1\/uploads\/[0-9a-f-]{36})$/,
    'Name an artifact by its href, or an upload by its links.self.',
  );

/** Exactly one of topic and script. */
export function checkSource(
  given: { readonly topic?: string | undefined; readonly script?: string | undefined },
  context: z.RefinementCtx,
): void {
  if ((given.topic === undefined) !== (given.script === undefined)) return;
  const path = [given.topic === undefined ? 'topic' : 'script'];
  context.addIssue({ code: 'custom', path, message: 'Give exactly one of topic and script.' });
}
