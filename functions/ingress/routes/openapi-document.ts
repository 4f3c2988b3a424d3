import { z } from '@hono/zod-openapi';
import { defineRoute, type Route } from '../route.ts';

/** @param document made on the first call, when all routes are known */
export function openApiDocumentRoute({ document }: { document: () => object }): Route {
  return defineRoute({
    method: 'get',
    path: '/openapi.json',
    operationId: 'openApiDocument',
    tag: 'Documents',
    summary: 'This interface as an OpenAPI 3.1 document',
    access: 'public',
    rate: 'free',
    responses: {
      200: {
        description: 'The document.',
        schema: z
          .looseObject({})
          .openapi({ example: { openapi: '3.1.0', info: { title: 'Millrace', version: '1.0.0' } } }),
      },
    },
    handle: ({ c }) => c.json(document(), 200),
  });
}
