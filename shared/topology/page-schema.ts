import { z } from 'zod';
import {
  CPU,
  DURATION,
  durationMs,
  MEMORY,
  memoryBytes,
  nearestDuration,
  nearestMemory,
  nearestRate,
  RATE,
} from './quantity.ts';

const PROVIDER = /^[a-z][a-z0-9-]{0,62}$/;

/** No function starts in less. */
const LEAST_BYTES = 16 * 2 ** 20;

const eventName = z.string();
const duration = z
  .string()
  .regex(DURATION, {
    error: ({ input }) =>
      `must be a whole number with ms, s, m, h or d; did you mean "${nearestDuration(String(input))}"?`,
  })
  .refine((text) => !DURATION.test(text) || durationMs(text) >= 1_000, 'must be a second or more');
const memory = z
  .string()
  .regex(MEMORY, {
    error: ({ input }) => `must be a Kubernetes quantity; did you mean "${nearestMemory(String(input))}"?`,
  })
  .refine((text) => !MEMORY.test(text) || memoryBytes(text) >= LEAST_BYTES, 'must be 16Mi or more');

const profile = z.strictObject({
  run: z.enum(['service', 'job']),
  cpu: z
    .string()
    .regex(CPU, 'must be cores or thousandths of one, such as "2" or 100m')
    .refine((text) => Number.parseFloat(text) > 0, 'must be above 0'),
  memory,
  disk: memory.optional(),
  gpu: z.int().min(0).max(16).default(0),
  timeout: duration,
  attempts: z.int().min(1).max(20).default(3),
  concurrency: z.int().min(1).max(1000).default(1),
  turns: z.literal('owners').optional(),
  scale: z
    .strictObject({ min: z.int().min(0), max: z.int().min(1) })
    .refine(({ min, max }) => min <= max, 'scale.min must not be above scale.max')
    .default({ min: 0, max: 10 }),
});

const trigger = z.union(
  [
    eventName,
    z.strictObject({ all: z.array(eventName).min(2), each: z.string().optional() }),
    z.strictObject({ each: eventName, of: eventName }),
    z.strictObject({ schedule: z.string(), zone: z.string().default('UTC') }),
  ],
  {
    error:
      'must be an event type, { all: [a, b] }, { all: [a, b], each: key }, { each: a, of: b } or { schedule: cron, zone: UTC }',
  },
);

/** The page as it is written; what its words refer to is checked afterwards. */
export const pageSchema = z.strictObject({
  version: z.literal(1),
  source: z.string().min(1),
  profiles: z.record(z.string(), profile),
  flows: z
    .record(
      z.string(),
      z.strictObject({
        title: z.string(),
        starts: z.union([eventName, z.array(eventName).min(1)]),
        completed: eventName,
        failed: eventName,
        functions: z.array(z.string()).min(1).optional(),
      }),
    )
    .default({}),
  buckets: z
    .record(
      z.string(),
      z.record(
        z
          .string()
          .regex(
            /^([A-Za-z0-9._-]+\/|\{owner\}\/)*\{name\}\.[a-z0-9]+$/,
            'must be a key template such as scripts/{owner}/{name}.md',
          ),
        eventName,
      ),
    )
    .default({}),
  events: z.record(z.string(), z.strictObject({ terminal: z.literal(true) })).default({}),
  limits: z
    .record(
      z.string().regex(PROVIDER, 'must be a provider in lower case with dashes'),
      z.string().regex(RATE, {
        error: ({ input }) => `must be calls in a time; did you mean "${nearestRate(String(input))}"?`,
      }),
    )
    .default({}),
  functions: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/, 'must read area/name in lower case with dashes'),
    z
      .strictObject({
        profile: z.string(),
        triggers: z.array(trigger).default([]),
        command: z
          .string()
          .regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/, 'must read like user.follow')
          .optional(),
        uses: z.array(z.string().regex(PROVIDER, 'must be a provider in lower case with dashes')).default([]),
        acts: z.literal('outside').optional(),
        emits: z.array(eventName).default([]),
        puts: z.record(z.string(), eventName).default({}),
        promises: z.string().optional(),
      })
      .refine(
        ({ triggers, command }) => triggers.length > 0 !== (command !== undefined),
        'must have triggers, or a command, and not both',
      )
      .refine(
        ({ command, puts, promises }) =>
          command === undefined || (Object.keys(puts).length === 0 && promises === undefined),
        'is a command: it answers at once, so it has no puts and no promises',
      ),
  ),
});

export type Page = z.infer<typeof pageSchema>;
