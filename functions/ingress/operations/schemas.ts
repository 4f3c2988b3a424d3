import { z } from '@hono/zod-openapi';
import { paused } from '../schemas/pipeline.ts';

const word = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a name in lower case with dashes');
const time = z.iso.datetime();
const EXAMPLE_ID = '0193b3f0-4d5e-8000-a000-000000010000';

export const deliveryId = z.string().openapi({ description: 'Id of a delivery.', example: EXAMPLE_ID });

export const deliveryState = z.enum(['due', 'leased', 'later', 'done', 'dead', 'cancelled']);

/** Which deliveries. */
export const deliveryFilter = {
  function: word.optional().openapi({ description: 'Of this function.', example: 'render-tts' }),
  flow: word.optional().openapi({ description: 'Of runs of this flow.', example: 'video' }),
  run: z
    .uuid()
    .optional()
    .openapi({ description: 'Of this run.', example: '0193b3f0-4d5e-8000-a000-000000000000' }),
  code: word.optional().openapi({ description: 'Whose last error has this code.', example: 'voice-unknown' }),
};

const exampleDelivery = {
  id: EXAMPLE_ID,
  run: '0193b3f0-4d5e-8000-a000-000000000000',
  owner: 'alice',
  flow: 'video',
  step: 'render-tts',
  state: 'dead' as const,
  attempts: 1,
  lost: 0,
  createdAt: '2026-01-02T03:04:07.000Z',
  endedAt: '2026-01-02T03:04:07.200Z',
  error: { code: 'voice-unknown', message: 'There is no voice "bob"; the voices are rms, slt.' },
  links: {
    pipeline: '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000000',
    why: `/api/deliveries/${EXAMPLE_ID}/why`,
    retry: `/api/deliveries/${EXAMPLE_ID}/retry`,
  },
};

export const delivery = z
  .object({
    id: z.uuid(),
    run: z.uuid(),
    owner: z.string(),
    flow: z.string(),
    step: z.string(),
    part: z.string().optional(),
    state: deliveryState,
    attempts: z.int().min(0).openapi({ description: 'Attempts that failed, since it was last retried.' }),
    lost: z
      .int()
      .min(0)
      .openapi({ description: 'Attempts whose worker died; these are not among `attempts`.' }),
    createdAt: time,
    startedAt: time.optional(),
    endedAt: time.optional(),
    paused: paused.optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    links: z.object({ pipeline: z.string(), why: z.string(), retry: z.string().optional() }),
  })
  .openapi('Delivery', { example: exampleDelivery });

export const deliveryList = z
  .object({
    deliveries: z.array(delivery),
    links: z.object({ next: z.string().optional() }),
  })
  .openapi({ example: { deliveries: [exampleDelivery], links: {} } });

export const bulkRetry = z
  .object({
    matched: z.int().openapi({ description: 'Can be retried, up to 1,000.' }),
    retried: z.int(),
    skipped: z.int().openapi({
      description:
        'Match too and cannot be retried, up to 1,000: of cancelled pipelines, or of steps that are gone.',
    }),
    more: z.boolean().openapi({ description: 'More match than one call takes: call again.' }),
    sample: z.array(delivery),
  })
  .openapi('BulkRetry', {
    example: { matched: 3, retried: 3, skipped: 0, more: false, sample: [] },
  });

export const replayRequest = z
  .strictObject({
    from: word.openapi({ description: 'The step to begin with.', example: 'render-tts' }),
    part: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: 'That part alone.', example: 'scene-003' }),
    redo: z.array(word).max(50).optional().openapi({
      description: 'Steps to run again although they wrote to the database or acted outside.',
    }),
    dryRun: z.boolean().optional().openapi({ description: 'Says what would happen and does nothing.' }),
  })
  .openapi('ReplayRequest', { example: { from: 'render-tts', dryRun: true } });

const counted = z.array(z.object({ step: z.string(), deliveries: z.int() }));

export const replayed = z
  .object({
    pipeline: z.string().optional().openapi({ description: 'The new pipeline; absent in a dry run.' }),
    due: counted.openapi({ description: 'Runs at once.' }),
    again: counted.openapi({ description: 'Is made again when its turn comes.' }),
    copied: counted,
    kept: z.array(z.string()),
    artifacts: z.object({ count: z.int(), bytes: z.int() }),
  })
  .openapi('Replay', {
    example: {
      pipeline: '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000001',
      due: [{ step: 'render-tts', deliveries: 1 }],
      again: [{ step: 'render-scene', deliveries: 8 }],
      copied: [{ step: 'keyword-fetch', deliveries: 1 }],
      kept: [],
      artifacts: { count: 9, bytes: 1_204_331 },
    },
  });

export const why = z
  .object({
    pipeline: z.string(),
    status: z.string(),
    forkedFrom: z.string().optional(),
    reopened: z.int().nonnegative().describe('How often it had settled and a retry opened it again.'),
    steps: z.array(
      z.looseObject({
        id: z.uuid(),
        step: z.string(),
        part: z.string().optional(),
        state: deliveryState,
        progress: z.number().openapi({ description: '0 to 1.' }),
        message: z.string().optional().openapi({ description: 'What it is doing, in a few words.' }),
        dueAt: time.optional().openapi({ description: 'When it will be tried again.' }),
        postponed: z.int().optional().openapi({ description: 'Times that a provider’s limit put it off.' }),
        paused: paused.optional(),
        because: z.array(
          z.object({
            event: z.string(),
            part: z.string().optional(),
            from: z.string().optional().openapi({ description: 'The delivery whose commit published it.' }),
            at: time,
          }),
        ),
        queuedMs: z.number(),
        workedMs: z.number().optional(),
        bytes: z.number(),
        failed: z.int().min(0).openapi({ description: 'Attempts that failed, since it was last retried.' }),
        lost: z
          .int()
          .min(0)
          .openapi({ description: 'Attempts whose worker died, since it was last retried.' }),
        attempts: z
          .array(
            z.object({
              number: z.number(),
              outcome: z.string(),
              code: z.string().optional(),
              message: z.string().optional(),
              startedAt: time.optional(),
              endedAt: time,
              workedMs: z.number().optional(),
            }),
          )
          .openapi({ description: 'Every attempt that did not end well, also those before a retry.' }),
        usage: z.record(z.string(), z.number()),
        emitted: z.array(z.object({ type: z.string(), count: z.int() })),
        mend: z.string().optional().openapi({
          description: 'The call that would mend it; a brake is taken off by an admin.',
        }),
      }),
    ),
    waiting: z.array(z.object({ step: z.string(), missing: z.array(z.string()) })),
  })
  .openapi('Why', {
    example: {
      pipeline: '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000000',
      status: 'running',
      reopened: 0,
      steps: [],
      waiting: [{ step: 'mux-video', missing: ['scene-003'] }],
    },
  });

export const pauseRequest = z
  .strictObject({
    name: word.openapi({ description: 'A function, or an outside provider.', example: 'render-tts' }),
    reason: z.string().trim().min(1).max(300).openapi({ example: 'The voice is being replaced.' }),
  })
  .openapi('PauseRequest', { example: { name: 'render-tts', reason: 'The voice is being replaced.' } });

const examplePause = {
  name: 'render-tts',
  kind: 'function' as const,
  since: '2026-01-02T03:04:05.678Z',
  by: 'boss',
  reason: 'The voice is being replaced.',
  functions: ['render-tts'],
  waiting: 3,
};

export const pause = z
  .object({
    name: z.string(),
    kind: z.enum(['function', 'provider']),
    since: time,
    by: z.string(),
    reason: z.string(),
    functions: z.array(z.string()),
    waiting: z.int().openapi({ description: 'Deliveries that wait for it.' }),
  })
  .openapi('Pause', { example: examplePause });

export const pauseList = z
  .object({ pauses: z.array(pause) })
  .openapi({ example: { pauses: [examplePause] } });

export const brakeName = z
  .string()
  .openapi({ description: 'A function or provider.', example: 'render-tts' });
