import { z } from 'zod';

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const name = z.string().min(1).max(200);
/** As Postgres writes a time into JSON, or ISO 8601. */
const time = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d(:\d\d)?|Z)$/);
const count = z.int().min(0).max(2_147_483_647);
const part = z.string().max(1_024).nullable();
const json = z.json();
const joinKind = z.enum(['all', 'each', 'each-of']);

/**
 * The rows of a run that has ended, by table, as they travel: what it is made of, without its owner, its hosts and its
 * place in any lane. A column that is not named here does not travel.
 */
export const runRows = z.strictObject({
  run: z.object({
    id: uuid,
    flow: name,
    title: z.string().max(2_000),
    labels: z.record(z.string().max(200), z.string().max(2_000)),
    state: z.enum(['completed', 'failed', 'cancelled']),
    forked_from: uuid.nullable(),
    replayed_from: z.string().max(10_000).nullable(),
    kept: z.array(name).max(1_000),
    created_at: time,
    settled_at: time,
    failure: json,
    reopened: count,
  }),
  event: z.array(
    z.object({
      id: uuid,
      type: name,
      source: z.string().max(2_000),
      subject: z.string().max(2_000).nullable(),
      key: part,
      data: json,
      data_version: count,
      cause: uuid.nullable(),
      traceparent: z.string().max(200).nullable(),
      copied_from: uuid.nullable(),
      recorded_at: time,
    }),
  ),
  delivery: z.array(
    z.object({
      id: uuid,
      event: uuid,
      inputs: z.array(uuid).nullable(),
      function: name,
      trigger: count,
      key: part,
      state: z.enum(['done', 'dead', 'cancelled']),
      attempts: count,
      lost: count,
      postponed: count,
      fence: z.int().min(0),
      created_at: time,
      started_at: time.nullable(),
      ended_at: time.nullable(),
      progress: z.number().min(0).max(1),
      message: z.string().max(10_000).nullable(),
      usage: json,
      wrote: z.boolean(),
      reply: json,
      error: json,
    }),
  ),
  attempt: z.array(
    z.object({
      delivery: uuid,
      fence: z.int().min(0),
      outcome: z.enum(['transient', 'permanent', 'lost', 'postponed']),
      error: json,
      started_at: time.nullable(),
      ended_at: time,
    }),
  ),
  join_group: z.array(
    z.object({
      id: z.int().min(0),
      function: name,
      trigger: count,
      kind: joinKind,
      needs: count.nullable(),
      part: name.nullable(),
      keyless: count,
      missing: count.nullable(),
      fired_at: time.nullable(),
    }),
  ),
  join_part: z.array(
    z.object({ group_id: z.int().min(0), type: name, key: z.string().max(1_024), event: uuid }),
  ),
  join_key: z.array(
    z.object({
      group_id: z.int().min(0),
      key: z.string().max(1_024),
      arrived: count,
      fired_at: time.nullable(),
    }),
  ),
  promise: z.array(z.object({ name, key: z.string().max(1_024), cause: uuid })),
  artifact: z.array(
    z.object({
      delivery: uuid,
      name,
      function: name,
      part,
      object_key: z.string().min(1).max(1_024),
      type: name,
      bytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      created_at: time,
    }),
  ),
  gate: z.array(z.object({ name, opened_at: time, closed_at: time.nullable() })),
});

export type RunRows = z.infer<typeof runRows>;
