import { z } from 'zod';
import { clusterFields } from './cluster-fields.ts';
import { nearestRate, RATE } from './quantity.ts';
import { cpu, duration, memory } from './quantity-fields.ts';

const PROVIDER = /^[a-z][a-z0-9-]{0,62}$/;

const eventName = z.string();

const profileFields = {
  run: z.enum(['service', 'job']),
  cpu,
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
  ...clusterFields,
};
const profile = z.strictObject(profileFields);

const trigger = z.union(
  [
    eventName,
    z.strictObject({ all: z.array(eventName).min(2), each: z.string().optional() }),
    z.strictObject({ each: eventName, of: eventName }),
    z.strictObject({
      schedule: z.string(),
      zone: z.string().default('UTC'),
      /** A function of the database without parameters that answers yes or no: `people.feeds_due`. */
      when: z
        .string()
        .regex(/^[a-z_]{1,40}\.[a-z_]{1,60}$/)
        .optional(),
    }),
  ],
  {
    error:
      'must be an event type, { all: [a, b] }, { all: [a, b], each: key }, { each: a, of: b } or { schedule: cron, zone: UTC, when: schema.function }',
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
  /** How many sessions the database takes, all processes of an installation together. */
  database: z
    .strictObject({ connections: z.int().min(1).max(100_000), platform: z.int().min(1).max(100_000) })
    .optional(),
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
