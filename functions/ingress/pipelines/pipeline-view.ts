import { eventCatalogue } from '#shared/events';
import type { DeliveryView, RunView } from '#shared/ledger';
import type { Artifact, Pipeline, PipelineStatus, Step } from '../schemas/pipeline.ts';

/** A run as its owner reads it. */
export function pipelineOf({
  run,
  deliveries,
  steps,
  artifacts,
  progress,
  result,
}: {
  run: RunView;
  deliveries: readonly DeliveryView[];
  steps: Step[];
  artifacts: Artifact[];
  progress: number;
  result: Readonly<Record<string, unknown>> | undefined;
}): Pipeline {
  const asked = askedOf(run.input);
  return {
    id: run.id,
    flow: run.flow,
    title: run.title,
    status: statusOf(run, deliveries),
    progress,
    labels: { ...run.labels },
    createdAt: run.createdAt.toISOString(),
    endedAt: run.settledAt?.toISOString() ?? null,
    ...(asked === undefined ? {} : { request: asked }),
    steps,
    artifacts,
    ...(result === undefined ? {} : { result: { ...result } }),
    ...(run.failure === undefined ? {} : { failure: failureOf(run.failure) }),
    links: linksOf({ run, artifacts, steps }),
  };
}

/** Nothing has begun yet: queued. */
export function statusOf(run: RunView, deliveries: readonly DeliveryView[]): PipelineStatus {
  if (run.state !== 'running') return run.state;
  return deliveries.some(({ startedAt }) => startedAt !== undefined) ? 'running' : 'queued';
}

function askedOf(input: unknown): Pipeline['request'] {
  const parsed = eventCatalogue['pipeline.started'].data.safeParse(input);
  if (!parsed.success) return undefined;
  const { settings, topic, script } = parsed.data;
  const { format, width, height, seconds, language, voice, title } = settings;
  return {
    ...(topic === undefined ? {} : { topic }),
    ...(script === undefined ? {} : { script: { bytes: script.bytes, sha256: script.sha256 } }),
    format,
    size: `${width}x${height}`,
    seconds,
    language,
    ...(voice === undefined ? {} : { voice }),
    ...(title === undefined ? {} : { title }),
  };
}

function failureOf({ dead, missing }: NonNullable<RunView['failure']>): Pipeline['failure'] {
  return {
    dead: dead.map(({ function: step, key, code, message }) => ({
      step,
      ...(key === undefined ? {} : { part: key }),
      code,
      message,
    })),
    missing: missing.map(({ function: step, parts }) => ({ step, parts: [...parts] })),
  };
}

function linksOf({
  run,
  artifacts,
  steps,
}: {
  run: RunView;
  artifacts: readonly Artifact[];
  steps: readonly Step[];
}): Pipeline['links'] {
  const self = `/api/pipelines/${run.id}`;
  const video = artifacts.find(({ name, part }) => name === 'video.mp4' && part === undefined);
  const failed = [...new Set(steps.filter(({ status }) => status === 'failed').map(({ name }) => name))];
  return {
    self,
    events: `${self}/events`,
    ...(run.state === 'running' ? { cancel: `${self}/cancel` } : {}),
    ...(failed.length === 0 || run.state === 'cancelled'
      ? {}
      : { retry: failed.map((name) => `/orchestrator/retry/${run.id}/${name}`) }),
    ...(video === undefined ? {} : { video: video.signedHref }),
  };
}
