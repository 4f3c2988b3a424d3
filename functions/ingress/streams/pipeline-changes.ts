import type { StreamEvent } from '#shared/http';
import type { Artifact, Pipeline, Step } from '../schemas/pipeline.ts';

/** What has changed between two looks at a pipeline, as events of its stream. */
export function changesOf(before: Pipeline, after: Pipeline): StreamEvent[] {
  const known = new Map(before.steps.map((step) => [stepKey(step), JSON.stringify(step)]));
  const had = new Set(before.artifacts.map(artifactKey));
  const steps = after.steps.filter((step) => known.get(stepKey(step)) !== JSON.stringify(step));
  const artifacts = after.artifacts.filter((artifact) => !had.has(artifactKey(artifact)));
  return [
    ...steps.map((data) => ({ event: 'step', data })),
    ...artifacts.map((data) => ({ event: 'artifact', data })),
    ...(headOf(before) === headOf(after) ? [] : [{ event: 'pipeline', data: head(after) }]),
  ];
}

/** The pipeline without what has events of its own. */
function head({ steps: _steps, artifacts: _artifacts, ...rest }: Pipeline) {
  return rest;
}

/** Links are signed anew every hour, which is no change. */
function headOf(pipeline: Pipeline): string {
  const { video, ...links } = pipeline.links;
  return JSON.stringify({ ...head(pipeline), links: { ...links, video: video !== undefined } });
}

function stepKey({ name, part = '' }: Step): string {
  return `${name}\n${part}`;
}

function artifactKey({ name, part = '', sha256 }: Artifact): string {
  return `${name}\n${part}\n${sha256}`;
}

export function isSettled({ status }: Pipeline): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
