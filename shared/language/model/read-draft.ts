import { z } from 'zod';
import { cleanLine, readMarkdown } from '#shared/text';
import { inventedIn } from './facts-guard.ts';

/** What the model is asked for; the rest of a script is reckoned here. */
const draft = z.strictObject({
  title: line(300),
  scenes: z
    .array(
      z.strictObject({
        heading: line(120),
        narration: z.string().max(5_000).transform(spoken).pipe(z.string().min(1)),
        picture: z.strictObject({
          subject: line(200),
          words: z.array(z.string().max(60).transform(cleanLine)).max(20),
        }),
      }),
    )
    .min(1)
    .max(600),
});
export type Draft = z.infer<typeof draft>;

/** One line of plain text that is not empty. */
function line(limit: number) {
  return z.string().max(limit).transform(cleanLine).pipe(z.string().min(1));
}

/** Models like to write Markdown where plain text was asked for. */
function spoken(narration: string): string {
  return readMarkdown(narration)
    .sections.flatMap((section) => section.paragraphs)
    .join(' ');
}

export type Reading =
  | { readonly draft: Draft; readonly problem?: never }
  | { readonly draft?: undefined; readonly problem: string };

/** Reads an answer of the model. With a source, a number or a quotation that is not in it is a problem, too. */
export function readDraft(answer: string, source: string | undefined): Reading {
  const start = answer.indexOf('{');
  const end = answer.lastIndexOf('}');
  if (start === -1 || end < start) return { problem: 'there is no JSON object in it' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer.slice(start, end + 1));
  } catch (error) {
    return {
      problem: `its JSON cannot be read (${error instanceof Error ? error.message.slice(0, 200) : 'syntax'})`,
    };
  }
  const checked = draft.safeParse(parsed);
  if (!checked.success) return { problem: z.prettifyError(checked.error).slice(0, 1_000) };
  if (source === undefined) return { draft: withoutEmptyWords(checked.data) };
  const invented = checked.data.scenes.flatMap(({ narration }) => inventedIn(narration, source));
  if (invented.length > 0)
    return { problem: `the text does not hold ${invented.slice(0, 5).join(', ').slice(0, 500)}` };
  return { draft: withoutEmptyWords(checked.data) };
}

function withoutEmptyWords(written: Draft): Draft {
  return {
    ...written,
    scenes: written.scenes.map((scene) => ({
      ...scene,
      picture: { ...scene.picture, words: scene.picture.words.filter((word) => word !== '') },
    })),
  };
}
