import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import { eventCatalogue } from '#shared/events';
import { defineFunction } from '#shared/function';
import { decodeText } from '#shared/text';

/** Pixels of each format where a file names no size. */
const sizes = {
  long: { width: 1920, height: 1080 },
  short: { width: 1080, height: 1920 },
  square: { width: 1080, height: 1080 },
} as const;

/** A script in JSON: what `POST /api/pipelines` takes, as far as a file needs it. */
const request = z
  .strictObject({
    topic: z.string().trim().min(3).max(200).optional(),
    script: z.string().trim().min(1).optional(),
    title: z.string().trim().min(1).max(100).optional(),
    format: z.enum(['long', 'short', 'square']).default('long'),
    seconds: z.number().min(5).max(3600).default(60),
    voice: z.string().min(1).max(100).optional(),
    language: z.string().min(2).max(35).default('en'),
  })
  .refine(({ topic, script }) => (topic === undefined) !== (script === undefined), {
    error: 'give exactly one of topic and script',
  });

/** A script from the inbox starts a video. */
export default defineFunction({
  name: 'take-script',
  summary: 'Reads a script from the inbox, Markdown or JSON, and starts its video.',
  consumes: ['script.uploaded'],
  needs: [],
  async handle(input, deps) {
    const { artifact, path } = input.one('script.uploaded').data;
    const text = decodeText(await readFile(await deps.fetch(artifact)));
    const asked = artifact.name.endsWith('.json') ? readRequest(text, path) : request.parse({ script: text });
    const { topic, script, format, seconds, voice, language, title } = asked;
    const settings = {
      format,
      ...sizes[format],
      fps: 30,
      seconds,
      language,
      ...(voice === undefined ? {} : { voice }),
      ...(title === undefined ? {} : { title }),
    };
    if (script === undefined) return { emits: [started({ settings, topic })] };
    const stored = artifact.name.endsWith('.md') ? artifact : await deps.put('script.md', { bytes: script });
    return {
      emits: [started({ settings, script: stored })],
      puts: stored === artifact ? [] : [{ artifact: stored }],
    };
  },
});

function started(data: unknown) {
  return { type: 'pipeline.started', data: eventCatalogue['pipeline.started'].data.parse(data) } as const;
}

function readRequest(text: string, path: string): z.infer<typeof request> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid(path, 'it is no JSON');
  }
  const checked = request.safeParse(parsed);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw invalid(path, `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`.trim());
}

function invalid(path: string, why: string): Permanent {
  return new Permanent('script-invalid', `${path} cannot be used: ${why}.`, { field: 'script' });
}
