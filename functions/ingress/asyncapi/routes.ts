import { z } from '@hono/zod-openapi';
import { answerPage } from '../pages/layout.ts';
import { defineRoute, type Route } from '../route.ts';
import type { AsyncApiDocument } from './document.ts';
import { asyncApiPage } from './page.ts';

/** The events as an AsyncAPI document, and the page that shows it; it loads nothing from elsewhere. */
export function asyncApiRoutes({ document }: { document: AsyncApiDocument }): Route[] {
  let drawn: ReturnType<typeof asyncApiPage> | undefined;
  return [
    defineRoute({
      method: 'get',
      path: '/asyncapi.json',
      operationId: 'asyncApiDocument',
      tag: 'Documents',
      summary: 'The events as an AsyncAPI 3.0 document',
      access: 'public',
      rate: 'free',
      responses: {
        200: {
          description: 'The document.',
          schema: z
            .looseObject({})
            .openapi({ example: { asyncapi: '3.0.0', info: { title: 'Millrace', version: '1.0.0' } } }),
        },
      },
      handle: ({ c }) => c.json({ ...document }, 200),
    }),
    {
      method: 'get',
      path: '/docs/events',
      access: 'public',
      rate: 'free',
      async handle(c) {
        drawn ??= asyncApiPage(document);
        return await answerPage(c, drawn);
      },
    },
  ];
}
