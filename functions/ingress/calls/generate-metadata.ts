import { z } from '@hono/zod-openapi';
import type { EventType } from '#shared/events';
import { HttpProblem, notFound } from '#shared/http';
import type { Ledger, NewEvent } from '#shared/ledger';
import { defineCall } from './call.ts';

/** What metadata is made of, in the order of the flow. */
const sources: readonly EventType[] = [
  'pipeline.video.assembled',
  'pipeline.thumbnail.created',
  'pipeline.script.generated',
  'pipeline.keywords.fetched',
];

export function generateMetadata({ ledger }: { ledger: Ledger }) {
  return defineCall({
    flow: 'metadata',
    path: '/metadata/generate',
    operationId: 'generateMetadata',
    summary: 'Write the metadata of a video',
    description:
      'Title, description with chapters from real timings, tags, sources and credits of a video of yours.',
    body: z
      .strictObject({
        pipeline: z.uuid().openapi({ description: 'Id of a pipeline of yours whose video is assembled.' }),
      })
      .openapi('MetadataRequest', { example: { pipeline: '0193b3f0-4d5e-8000-a000-000000000000' } }),
    answerName: 'MetadataCall',
    result: z.object({
      title: z.string(),
      description: z.string(),
      tags: z.array(z.string()),
      chapters: z.array(z.looseObject({})),
    }),
    example: {
      title: 'Why octopuses have three hearts',
      description: 'An octopus has three hearts.',
      tags: ['octopus'],
      chapters: [{ title: 'Three hearts', start: 0 }],
    },
    async begin({ pipeline }, { principal }) {
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
      return { title: run.title, events: [first, ...rest] };
    },
  });
}
