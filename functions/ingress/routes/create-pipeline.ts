import type { Route } from '../route.ts';
import { type StartOptions, startRoute } from './start-route.ts';

export function createPipelineRoute(options: StartOptions): Route {
  return startRoute({
    ...options,
    name: {
      path: '/api/pipelines',
      operationId: 'createPipeline',
      tag: 'Pipelines',
      summary: 'Make a video',
      description:
        'Answers at once; the video is made afterwards. Follow `links.events`, or read `links.self`.',
    },
    locationOf: (id) => `/api/pipelines/${id}`,
  });
}
