import { z } from '@hono/zod-openapi';
import type { EventType } from '#shared/events';
import { HttpProblem, notFound } from '#shared/http';
import type { Ledger, NewEvent } from '#shared/ledger';
import { listedTitle } from '../request/listed-title.ts';
import { exactlyOne } from '../schemas/exactly-one.ts';
import { oneLine } from '../schemas/words.ts';
import { type CallTools, defineCall } from './call.ts';
import { format, language, ownText, title } from './fields.ts';
import { textScript } from './text-script.ts';

/** What metadata is made of, in the order of the flow. */
const sources: readonly EventType[] = [
  'pipeline.video.assembled',
  'pipeline.thumbnail.created',
  'pipeline.script.generated',
  'pipeline.keywords.fetched',
];

const ofText = {
  script: ownText.optional(),
  title: title.optional(),
  keywords: z
    .array(oneLine({ min: 1, max: 100 }))
    .max(20)
    .optional()
    .openapi({ description: 'The tags begin with these.', example: ['octopus hearts'] }),
  language: language.optional(),
  format: format.optional(),
};

const body = z
  .strictObject({
    pipeline: z
      .uuid()
      .optional()
      .openapi({ description: 'Id of a pipeline of yours whose video is assembled.' }),
    ...ofText,
  })
  .superRefine((given, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    const { pipeline, script } = given;
    if ((pipeline === undefined) === (script === undefined))
      refuse(pipeline === undefined ? 'pipeline' : 'script', 'Give exactly one of pipeline and script.');
    if (script !== undefined || pipeline === undefined) return;
    for (const field of ['title', 'keywords', 'language', 'format'] as const)
      if (given[field] !== undefined) refuse(field, 'This goes with script; a pipeline has its own.');
  })
  .openapi('MetadataRequest', {
    description: 'Exactly one of `pipeline` and `script`.',
    ...exactlyOne('pipeline', 'script'),
    example: { script: '# Three hearts\n\nAn octopus has three hearts. Two serve the gills.' },
  });

export function generateMetadata({ ledger }: { ledger: Ledger }) {
  return defineCall({
    flow: 'metadata',
    path: '/metadata/generate',
    operationId: 'generateMetadata',
    summary: 'Write the metadata of a video',
    description:
      'Title, description, tags and chapters: of a video of yours with its real timings, sources and credits; or of a text, for a video that is made elsewhere, with the times of a usual reading pace (`estimated`).',
    body,
    answerName: 'MetadataCall',
    result: z.object({
      title: z.string(),
      description: z.string(),
      tags: z.array(z.string()),
      chapters: z.array(z.looseObject({})),
      warnings: z.array(z.string()).optional(),
      estimated: z
        .boolean()
        .optional()
        .openapi({ description: 'Duration and chapters are those of a usual reading pace.' }),
    }),
    example: {
      title: 'Why octopuses have three hearts',
      description: 'An octopus has three hearts.',
      tags: ['octopus'],
      chapters: [{ title: 'Three hearts', start: 0 }],
    },
    async begin({ pipeline, script, ...asked }, tools) {
      if (script !== undefined) return await beginWithText({ script, ...asked }, tools);
      return await beginWithPipeline(pipeline ?? '', tools);
    },
  });

  async function beginWithPipeline(pipeline: string, { principal }: CallTools) {
    const run = await ledger.getRun(pipeline);
    if (run === undefined || run.owner !== principal.account) throw notFound('such pipeline');
    const there = await ledger.eventsOf(run.id, sources);
    const events = sources.flatMap((type): NewEvent[] => {
      const found = there.find((event) => event.type === type);
      return found === undefined ? [] : [{ type, data: found.data }];
    });
    const [first, ...rest] = events;
    if (first === undefined || events.length < sources.length) {
      const message = 'This pipeline has no assembled video yet; wait until its video is there.';
      throw new HttpProblem({
        status: 409,
        code: 'video-not-assembled',
        detail: message,
        errors: [{ field: 'pipeline', message }],
      });
    }
    return { title: run.title, events: [first, ...rest] as const };
  }
}

async function beginWithText(
  given: {
    readonly script: string;
    readonly keywords?: readonly string[] | undefined;
  } & Parameters<CallTools['settings']>[0],
  tools: CallTools,
) {
  const settings = await tools.settings(given);
  const name = listedTitle(given);
  const made = textScript({ text: given.script, title: name, language: settings.language });
  const artifact = await tools.store('script.json', JSON.stringify(made));
  const data = { settings, artifact, keywords: [...(given.keywords ?? [])] };
  return {
    title: name,
    flow: 'text-metadata',
    events: [{ type: 'pipeline.metadata.requested', data }] as const,
  };
}
