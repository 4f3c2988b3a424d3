import { z } from '@hono/zod-openapi';

const RUN_ID = '0193b3f0-4d5e-8000-a000-000000000000';
const self = `/api/pipelines/${RUN_ID}`;

export const pipelineStatus = z
  .enum(['queued', 'running', 'completed', 'failed', 'cancelled'])
  .openapi('PipelineStatus');

export const stepStatus = z
  .enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'])
  .openapi('StepStatus', {
    description:
      'waiting: for an earlier step, or for its next try. queued: it runs as soon as a worker is free.',
  });

const percent = z.int().min(0).max(100);
const time = z.iso.datetime().openapi({ example: '2026-01-02T03:04:05.678Z' });

/** The brake behind which work waits. */
export const paused = z
  .object({
    name: z.string().openapi({ description: 'The step, or the outside provider that it uses.' }),
    since: time,
    reason: z.string(),
  })
  .openapi({
    description: 'The brake behind which it waits; an admin takes it off.',
    example: {
      name: 'render-tts',
      since: '2026-01-02T03:04:05.678Z',
      reason: 'The voice is being replaced.',
    },
  });

const stepFields = {
  name: z.string().openapi({ example: 'render-tts' }),
  status: stepStatus,
  attempts: z.int().min(0).openapi({ description: 'How often it was begun, since it was last retried.' }),
  lost: z
    .int()
    .min(0)
    .openapi({ description: 'How many of these attempts ended with the death of their worker.' }),
  progress: percent,
  message: z.string().optional().openapi({ description: 'What it is doing, in a few words.' }),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  retryAt: time.optional().openapi({ description: 'When it will be tried again.' }),
  paused: paused.optional(),
  error: z
    .object({ code: z.string(), message: z.string(), field: z.string().optional() })
    .optional()
    .openapi({
      example: { code: 'voice-unknown', message: 'There is no voice "bob"; the voices are rms, slt.' },
    }),
};

export const step = z
  .object({ ...stepFields, part: z.string().optional().openapi({ example: 'scene-001' }) })
  .openapi('Step', {
    example: {
      name: 'render-scene',
      part: 'scene-001',
      status: 'running',
      attempts: 1,
      lost: 0,
      progress: 40,
      startedAt: '2026-01-02T03:04:09.000Z',
      endedAt: null,
    },
  });

/** A step that works on several parts, with each of them. */
export const stepDetail = z.object({ ...stepFields, parts: z.array(step).optional() }).openapi('StepDetail', {
  description: 'One step; with all its parts where it has parts.',
  example: {
    name: 'render-tts',
    status: 'failed',
    attempts: 1,
    lost: 0,
    progress: 0,
    startedAt: '2026-01-02T03:04:07.000Z',
    endedAt: '2026-01-02T03:04:07.200Z',
    error: { code: 'voice-unknown', message: 'There is no voice "bob"; the voices are rms, slt.' },
  },
});

export const artifact = z
  .object({
    name: z.string(),
    part: z.string().optional(),
    step: z.string().openapi({ description: 'The step that made it.' }),
    href: z.string().openapi({ description: 'Needs the token.' }),
    signedHref: z.string().openapi({ description: 'Needs no token; good for an hour or two.' }),
    type: z.string(),
    bytes: z.int().min(0),
    sha256: z.string(),
  })
  .openapi('Artifact', {
    example: {
      name: 'video.mp4',
      step: 'mux-video',
      href: `${self}/artifacts/video.mp4`,
      signedHref: `${self}/artifacts/video.mp4?expires=1767326400&signature=Zk1v`,
      type: 'video/mp4',
      bytes: 9_120_331,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  });

const failure = z
  .object({
    dead: z.array(
      z.object({ step: z.string(), part: z.string().optional(), code: z.string(), message: z.string() }),
    ),
    missing: z.array(z.object({ step: z.string(), parts: z.array(z.string()) })),
  })
  .openapi('PipelineFailure', {
    description: 'Which steps gave up, and which steps miss which parts.',
    example: {
      dead: [{ step: 'generate-image', part: 'scene-002', code: 'no-font', message: 'There is no font.' }],
      missing: [{ step: 'mux-video', parts: ['scene-002'] }],
    },
  });

const asked = z
  .object({
    topic: z.string().optional(),
    script: z.object({ bytes: z.int(), sha256: z.string() }).optional(),
    format: z.string(),
    size: z.string(),
    seconds: z.number(),
    language: z.string(),
    voice: z.string().optional(),
    title: z.string().optional(),
  })
  .openapi('PipelineSettings', {
    description: 'What was asked for, with the defaults filled in.',
    example: {
      topic: 'Why octopuses have three hearts',
      format: 'long',
      size: '1920x1080',
      seconds: 60,
      language: 'en',
      voice: 'slt',
    },
  });

const links = z
  .object({
    self: z.string(),
    events: z.string(),
    cancel: z.string().optional().openapi({ description: 'There while it goes on.' }),
    retry: z.array(z.string()).optional().openapi({ description: 'One for each step that gave up.' }),
    video: z.string().optional().openapi({ description: 'Signed link to the finished video.' }),
  })
  .openapi('PipelineLinks', { example: { self, events: `${self}/events`, cancel: `${self}/cancel` } });

export const examplePipeline = {
  id: RUN_ID,
  flow: 'video',
  title: 'Why octopuses have three hearts',
  status: 'running',
  progress: 42,
  labels: { series: 'sea' },
  createdAt: '2026-01-02T03:04:05.678Z',
  endedAt: null,
  request: {
    topic: 'Why octopuses have three hearts',
    format: 'long',
    size: '1920x1080',
    seconds: 60,
    language: 'en',
    voice: 'slt',
  },
  steps: [
    {
      name: 'keyword-fetch',
      status: 'completed',
      attempts: 1,
      lost: 0,
      progress: 100,
      startedAt: '2026-01-02T03:04:05.700Z',
      endedAt: '2026-01-02T03:04:06.100Z',
    },
  ],
  artifacts: [],
  links: { self, events: `${self}/events`, cancel: `${self}/cancel` },
};

export const pipeline = z
  .object({
    id: z.uuid(),
    flow: z.string().openapi({ description: 'What kind of run it is: `video`, or that of a single call.' }),
    title: z.string(),
    status: pipelineStatus,
    progress: percent.openapi({ description: 'Of the whole, in percent; never goes back.' }),
    labels: z.record(z.string(), z.string()),
    createdAt: time,
    endedAt: time.nullable(),
    request: asked.optional(),
    steps: z.array(step),
    artifacts: z.array(artifact),
    result: z.looseObject({}).optional().openapi({ description: 'What a single call has found or made.' }),
    failure: failure.optional(),
    links,
  })
  .openapi('Pipeline', {
    example: examplePipeline,
  });

export const pipelineList = z
  .object({
    pipelines: z.array(pipeline),
    links: z.object({ self: z.string(), next: z.string().optional() }),
  })
  .openapi('PipelineList', {
    example: {
      pipelines: [examplePipeline],
      links: { self: '/api/pipelines?limit=1', next: '/api/pipelines?limit=1&cursor=MTI4' },
    },
  });

export type Pipeline = z.infer<typeof pipeline>;
export type PipelineStatus = z.infer<typeof pipelineStatus>;
export type Step = z.infer<typeof step>;
export type StepDetail = z.infer<typeof stepDetail>;
export type StepStatus = z.infer<typeof stepStatus>;
export type Artifact = z.infer<typeof artifact>;
