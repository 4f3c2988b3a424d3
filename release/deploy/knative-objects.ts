import { z } from 'zod';
import type { Standing } from './cluster.ts';

const containers = z.array(z.looseObject({ image: z.string() })).min(1);
const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
const status = z
  .looseObject({
    observedGeneration: z.number().optional(),
    conditions: z.array(condition).default([]),
    latestCreatedRevisionName: z.string().optional(),
    latestReadyRevisionName: z.string().optional(),
  })
  .default({ conditions: [] });
const metadata = z.object({ generation: z.number().default(0) });

export const service = z.object({
  metadata,
  status,
  spec: z.object({ template: z.object({ spec: z.object({ containers }) }) }),
});
export const jobSink = z.object({
  metadata,
  status,
  spec: z.object({
    job: z.looseObject({
      spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({ containers }) }) }),
    }),
  }),
});

/** Kinds, in full: other installations have other services. */
export const KINDS = { service: 'services.serving.knative.dev', job: 'jobsinks.sinks.knative.dev' };
/** Where Knative has the process of a service listen, and where all others of ours do. */
export const PORT = 8080;

export function serviceStanding(one: z.infer<typeof service>): Standing {
  const { latestCreatedRevisionName: made, latestReadyRevisionName: ready } = one.status;
  const told = standing(one, one.spec.template.spec.containers[0]?.image);
  return made === ready ? told : { ...told, isReady: false, why: told.why || `${made} is not ready` };
}

export function sinkStanding(sink: z.infer<typeof jobSink>): Standing {
  return standing(sink, sink.spec.job.spec.template.spec.containers[0]?.image);
}

function standing(
  one: { metadata: z.infer<typeof metadata>; status: z.infer<typeof status> },
  image: string | undefined,
): Standing {
  const { generation } = one.metadata;
  const { observedGeneration = 0, conditions } = one.status;
  const ready = conditions.find(({ type }) => type === 'Ready');
  const isSeen = observedGeneration >= generation;
  const why = [ready?.reason, ready?.message].filter((part) => part !== undefined).join(': ');
  return {
    image,
    isReady: isSeen && ready?.status === 'True',
    why: isSeen ? why : 'not seen by Knative yet',
  };
}
