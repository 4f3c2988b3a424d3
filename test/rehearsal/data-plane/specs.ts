import type { JobSinkSpec } from './job-sink.ts';
import type { Manifests } from './manifests.ts';
import type { ServiceSpec } from './service.ts';

/** What holds where a manifest has no bound. */
const MAX_SCALE = 100;

const seconds = (count: number | undefined): number | undefined =>
  count === undefined ? undefined : count * 1_000;

/** What a manifest says of a Knative Service; which process it starts is told elsewhere. */
export function serviceSpec({
  metadata,
  spec: { template },
}: Manifests['services'][number]): Omit<ServiceSpec, 'command'> {
  const said = (name: string): string | undefined =>
    template.metadata.annotations[`autoscaling.knative.dev/${name}`];
  return {
    name: metadata.name,
    containerConcurrency: template.spec.containerConcurrency,
    timeoutMs: template.spec.timeoutSeconds * 1_000,
    responseStartTimeoutMs: template.spec.responseStartTimeoutSeconds * 1_000,
    minScale: Number(said('min-scale') ?? 0),
    maxScale: Number(said('max-scale') ?? MAX_SCALE),
    // `300s`
    podRetentionMs: Number.parseInt(said('scale-to-zero-pod-retention-period') ?? '0', 10) * 1_000,
  };
}

/** What a manifest says of a JobSink. */
export function jobSinkSpec({ metadata, spec }: Manifests['jobSinks'][number]): Omit<JobSinkSpec, 'command'> {
  const { activeDeadlineSeconds, ttlSecondsAfterFinished } = spec.job.spec;
  return {
    name: metadata.name,
    activeDeadlineMs: seconds(activeDeadlineSeconds),
    ttlMs: seconds(ttlSecondsAfterFinished),
  };
}
