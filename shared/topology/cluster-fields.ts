import { z } from 'zod';
import { cpu, duration, memory } from './quantity-fields.ts';

/** A key or a value of a Kubernetes label. */
const label = z
  .string()
  .regex(
    /^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    'must be a label of Kubernetes',
  );

const toleration = z
  .strictObject({
    key: label,
    operator: z.enum(['Exists', 'Equal']).default('Exists'),
    value: z.string().optional(),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).default('NoSchedule'),
  })
  .refine(
    ({ operator, value }) => (operator === 'Equal') === (value !== undefined),
    'has a value with operator Equal, and none with Exists',
  );

/** What only a cluster knows of a profile. Words are those of Kubernetes and Knative. */
export const clusterFields = {
  /** What is set aside; `cpu` and `memory` of the profile are the limits, and what is not said here. */
  requests: z.strictObject({ cpu: cpu.optional(), memory: memory.optional() }).default({}),
  /** Size of /tmp, a part of `disk`. */
  tmp: memory.optional(),
  /** Of a job: all its time, with pulling the image. */
  activeDeadline: duration.optional(),
  /** Of a job: how long its Job is there to be looked at. */
  ttlAfterFinished: duration.optional(),
  /** Of a service: how long the last pod stays once nothing comes. */
  podRetention: duration.optional(),
  nodeSelector: z.record(label, z.string().max(63)).default({}),
  tolerations: z.array(toleration).default([]),
};
