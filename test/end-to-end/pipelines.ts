import { join } from 'node:path';
import type { Artifact, Pipeline } from '../../functions/ingress/schemas/pipeline.ts';
import type { PipelineRequest } from '../../functions/ingress/schemas/pipeline-request.ts';
import { until } from './processes.ts';
import type { Product } from './product.ts';

export type { Artifact, Pipeline };

/** The smallest video, and how long one may take on two cores that others use too. */
export const small = { size: '320x180', seconds: 6 } as const;
export const VIDEO_LIMIT_MS = 180_000;

/** Starts a pipeline over HTTP. @throws Error with the problem document if it is refused */
export async function startPipeline(product: Product, body: PipelineRequest): Promise<Pipeline> {
  const answer = await product.ask('/api/pipelines', { method: 'POST', body });
  if (answer.status !== 202) throw new Error(`refused with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Pipeline;
}

export async function readPipeline(product: Product, id: string): Promise<Pipeline> {
  const answer = await product.ask(`/api/pipelines/${id}`);
  if (!answer.ok) throw new Error(`cannot be read, ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Pipeline;
}

/** Polls until it is completed, failed or cancelled. */
export function settled(product: Product, id: string, limitMs = VIDEO_LIMIT_MS): Promise<Pipeline> {
  return until({
    what: `pipeline ${id} is settled`,
    limitMs,
    everyMs: 200,
    look: async () => {
      const answer = await product.ask(`/api/pipelines/${id}`);
      // The database is being started again: a client tries later, as the answer says.
      if (answer.status === 503 && answer.headers.has('retry-after')) return undefined;
      if (!answer.ok) throw new Error(`cannot be read, ${answer.status}: ${await answer.text()}`);
      const pipeline = (await answer.json()) as Pipeline;
      return ['completed', 'failed', 'cancelled'].includes(pipeline.status) && pipeline;
    },
  });
}

/** Starts it and waits for its end. @throws Error if it does not complete */
export async function makeVideo(product: Product, body: PipelineRequest): Promise<Pipeline> {
  const { id } = await startPipeline(product, body);
  const pipeline = await settled(product, id);
  if (pipeline.status !== 'completed')
    throw new Error(`${pipeline.status}: ${JSON.stringify(pipeline.failure)}`);
  return pipeline;
}

export function artifactOf(pipeline: Pipeline, name: string): Artifact {
  const found = pipeline.artifacts.find((artifact) => artifact.name === name);
  if (found === undefined) throw new Error(`no artifact ${name}`);
  return found;
}

export async function download(product: Product, pipeline: Pipeline, name: string): Promise<Buffer> {
  const answer = await product.ask(artifactOf(pipeline, name).href);
  if (!answer.ok) throw new Error(`${name} cannot be read: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Where a finished file stands on the disk. */
export function productFile(product: Product, pipeline: { id: string }, name: string): string {
  return join(product.dataDir, 'objects', 'artifacts', 'output', pipeline.id, name);
}
