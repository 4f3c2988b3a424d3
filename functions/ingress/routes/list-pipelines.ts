import { z } from '@hono/zod-openapi';
import type { Ledger } from '#shared/ledger';
import { listPage } from '../pipelines/list-page.ts';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { pageLinks } from '../request/page-links.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineList, pipelineStatus } from '../schemas/pipeline.ts';
import { labelKey, labelValue } from '../schemas/words.ts';

const MAX_LIMIT = 100;

const label = z
  .string()
  .max(300)
  .transform((text, context): [string, string] => {
    const at = text.indexOf(':');
    const pair = z.tuple([labelKey, labelValue]).safeParse([text.slice(0, at), text.slice(at + 1)]);
    if (at > 0 && pair.success) return pair.data;
    context.addIssue({ code: 'custom', message: 'Write a label as name:value, such as series:sea.' });
    return z.NEVER;
  })
  .openapi({ type: 'string', description: 'Those with this label, `name:value`.', example: 'series:sea' });

const limit = z
  .string()
  .regex(/^\d{1,4}$/, `A whole number from 1 to ${MAX_LIMIT}.`)
  .transform(Number)
  .pipe(z.int().min(1).max(MAX_LIMIT))
  .default(20)
  .openapi({ type: 'integer', description: `How many, 1 to ${MAX_LIMIT}; 20 where left out.`, example: 20 });

const query = z.strictObject({
  flow: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'a name in lower case with dashes')
    .optional()
    .openapi({
      description: 'Runs of this kind, such as `keywords`; left out: videos.',
      example: 'keywords',
    }),
  status: pipelineStatus.optional(),
  label: label.optional(),
  limit,
  cursor: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'From `links.next` of the page before.', example: 'MTI4' }),
});

export function listPipelinesRoute({ ledger, reader }: { ledger: Ledger; reader: PipelineReader }): Route {
  return defineRoute({
    method: 'get',
    path: '/api/pipelines',
    operationId: 'listPipelines',
    tag: 'Pipelines',
    summary: 'List your pipelines',
    description: 'Newest first, by keyset: what is added meanwhile shifts no page.',
    access: 'token',
    rate: 'counted',
    query,
    responses: {
      200: {
        description: 'A page.',
        schema: pipelineList,
        headers: { Link: '`rel="next"`: the page after this one (RFC 8288).' },
      },
    },
    async handle({ c, principal, query }) {
      const { pipelines, cursor } = await listPage({ ledger, reader, account: principal.account, ...query });
      return c.json({ pipelines, links: pageLinks(c, cursor) });
    },
  });
}
