import { z } from '@hono/zod-openapi';
import {
  artifactResponses,
  type DownloadOptions,
  downloadHeaders,
  downloadQuery,
} from '../artifacts/download.ts';
import { readArtifact } from '../artifacts/read-artifact.ts';
import { defineRoute, type Route } from '../route.ts';
import { artifactName, partName, pipelineId } from '../schemas/parameters.ts';

/** An artifact of the whole run. */
export function downloadArtifactRoute(options: DownloadOptions): Route {
  return defineRoute({
    method: 'get',
    path: '/api/pipelines/{id}/artifacts/{name}',
    operationId: 'downloadArtifact',
    tag: 'Pipelines',
    summary: 'Download an artifact',
    access: 'link',
    rate: 'free',
    params: z.object({ id: pipelineId, name: artifactName }),
    query: downloadQuery,
    headers: downloadHeaders,
    responses: artifactResponses,
    handle: ({ c, principal, params, query, headers }) =>
      readArtifact({ ...options, c, principal, ...params, part: undefined, query, headers }),
  });
}

/** An artifact of one part. */
export function downloadPartArtifactRoute(options: DownloadOptions): Route {
  return defineRoute({
    method: 'get',
    path: '/api/pipelines/{id}/artifacts/{part}/{name}',
    operationId: 'downloadPartArtifact',
    tag: 'Pipelines',
    summary: 'Download an artifact of one part',
    access: 'link',
    rate: 'free',
    params: z.object({ id: pipelineId, part: partName, name: artifactName }),
    query: downloadQuery,
    headers: downloadHeaders,
    responses: artifactResponses,
    handle: ({ c, principal, params, query, headers }) =>
      readArtifact({ ...options, c, principal, ...params, query, headers }),
  });
}
