import type { Route } from '../route.ts';
import { type StartOptions, startRoute } from './start-route.ts';

export function orchestratorStartRoute(options: StartOptions): Route {
  return startRoute({
    ...options,
    name: {
      path: '/orchestrator/start',
      operationId: 'orchestratorStart',
      tag: 'Orchestrator',
      summary: 'Start a pipeline',
      description: 'The same as `POST /api/pipelines`, under the orchestrator’s own name.',
    },
    locationOf: (id) => `/orchestrator/status/${id}`,
  });
}
