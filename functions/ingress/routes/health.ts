import { defineRoute, type Route } from '../route.ts';
import { health } from '../schemas/health.ts';

export function healthRoute({ version }: { version: string }): Route {
  return defineRoute({
    method: 'get',
    path: '/health',
    operationId: 'health',
    tag: 'Platform',
    summary: 'Is the process alive?',
    access: 'public',
    rate: 'free',
    responses: { 200: { description: 'It is.', schema: health } },
    handle: ({ c }) => c.json({ status: 'ok', version }, 200),
  });
}
