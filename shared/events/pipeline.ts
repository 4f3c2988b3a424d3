import { z } from 'zod';
import { artifactRef, exampleArtifact } from './artifact.ts';
import { defineEvent, once } from './define-event.ts';
import { scene } from './scene.ts';

/** What the maker asked for; every event of a pipeline carries it on. */
export const videoSettings = once(() =>
  z.strictObject({
    format: z.enum(['long', 'short', 'square']),
    /** Pixels, even. */
    width: z.int().min(180).max(3840).multipleOf(2),
    height: z.int().min(180).max(3840).multipleOf(2),
    fps: z.int().min(1).max(60),
    /** Wished length. */
    seconds: z.number().min(5).max(3600),
    voice: z.string().min(1).max(100).optional(),
    /** BCP 47. */
    language: z.string().min(2).max(35),
    title: z.string().min(1).max(100).optional(),
  }),
);

export type VideoSettings = z.infer<ReturnType<typeof videoSettings>>;

const settings: VideoSettings = {
  format: 'long',
  width: 1920,
  height: 1080,
  fps: 30,
  seconds: 60,
  language: 'en',
};
const exampleScene = {
  key: 'scene-001',
  role: 'hook' as const,
  heading: 'Three hearts',
  narration: 'An octopus has three hearts.',
  picture: { subject: 'octopus', words: ['octopus', 'heart'] },
};

export const pipelineEvents = {
  'script.uploaded': defineEvent({
    summary: 'A script was put into the inbox; it is copied into the run.',
    data: () =>
      z.strictObject({
        /** Where it lay: `scripts/alice/hearts.md`. */
        path: z.string().min(1).max(1024),
        /** Markdown, or JSON that names the script or a topic with its settings. */
        artifact: artifactRef(),
      }),
    example: {
      path: 'scripts/alice/hearts.md',
      artifact: exampleArtifact('hearts.md', 'text/markdown'),
    },
  }),
  'pipeline.assembly.requested': defineEvent({
    summary: 'Somebody gave sound and pictures to make a video of.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        title: z.string().min(1).max(100),
        audio: artifactRef(),
        /** In the order in which they are shown, each for the same time. */
        pictures: z.array(artifactRef()).min(1).max(100),
      }),
    example: {
      settings,
      title: 'Three hearts',
      audio: exampleArtifact('speech.mp3', 'audio/mpeg'),
      pictures: [exampleArtifact('octopus.jpg', 'image/jpeg')],
    },
  }),
  'pipeline.metadata.requested': defineEvent({
    summary: 'Somebody gave a text to write the metadata of a video that does not exist yet.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        /** `script.json`, see `script`. */
        artifact: artifactRef(),
        /** Terms that its tags begin with. */
        keywords: z.array(z.string().min(1).max(100)).max(20),
      }),
    example: {
      settings,
      artifact: exampleArtifact('script.json', 'application/json'),
      keywords: ['octopus hearts'],
    },
  }),
  'pipeline.started': defineEvent({
    summary: 'Somebody asked for a video.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        topic: z.string().min(3).max(200).optional(),
        /** The author's own Markdown, in place of a topic. */
        script: artifactRef().optional(),
      }),
    example: { settings, topic: 'Why octopuses have three hearts' },
  }),
  'pipeline.keywords.fetched': defineEvent({
    summary: 'The subject is known, with what people search for around it.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        topic: z.string().min(3).max(200).optional(),
        script: artifactRef().optional(),
        subject: z.string().min(1).max(200),
        keywords: z
          .array(
            z.strictObject({
              term: z.string().max(100),
              score: z.number().min(0).max(1),
              why: z.string().max(300),
            }),
          )
          .max(50),
      }),
    example: {
      settings,
      topic: 'Why octopuses have three hearts',
      subject: 'octopus hearts',
      keywords: [{ term: 'octopus heart', score: 1, why: 'The words of the topic itself.' }],
    },
  }),
  'pipeline.script.generated': defineEvent({
    summary: 'The script is written; its scenes follow as events of their own.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        /** `script.json`, see `script`. */
        artifact: artifactRef(),
        subject: z.string().min(1).max(200),
        title: z.string().min(1).max(100),
        scenes: z.int().positive(),
      }),
    example: {
      settings,
      artifact: exampleArtifact('script.json', 'application/json'),
      subject: 'octopus hearts',
      title: 'Why octopuses have three hearts',
      scenes: 8,
    },
  }),
  'scene.scripted': defineEvent({
    summary: 'One scene of the script.',
    key: 'scene',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        scene: scene(),
        index: z.int().nonnegative(),
        total: z.int().positive(),
      }),
    example: { settings, scene: exampleScene, index: 0, total: 8 },
  }),
  'pipeline.audio.rendered': defineEvent({
    summary: 'The narration is spoken and every word is timed.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        /** `narration.wav`: 48 kHz, mastered. */
        artifact: artifactRef(),
        /** `timeline.json`, see `timeline`. */
        timeline: artifactRef(),
        captions: z.strictObject({ srt: artifactRef(), vtt: artifactRef() }),
        durationSeconds: z.number().positive(),
        voice: z.string(),
      }),
    example: {
      settings,
      artifact: exampleArtifact('narration.wav', 'audio/wav'),
      timeline: exampleArtifact('timeline.json', 'application/json'),
      captions: {
        srt: exampleArtifact('captions.srt', 'application/x-subrip'),
        vtt: exampleArtifact('captions.vtt', 'text/vtt'),
      },
      durationSeconds: 61.4,
      voice: 'rms',
    },
  }),
  'scene.illustrated': defineEvent({
    summary: 'One scene has its picture.',
    key: 'scene',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        /** `illustration.png`. */
        artifact: artifactRef(),
        index: z.int().nonnegative(),
        total: z.int().positive(),
        description: z.string(),
        credits: z.array(z.string()),
      }),
    example: {
      settings,
      artifact: exampleArtifact('illustration.png', 'image/png'),
      index: 0,
      total: 8,
      description: 'An octopus over a blue sea.',
      credits: ['Fluent Emoji, Microsoft, MIT'],
    },
  }),
  'scene.rendered': defineEvent({
    summary: 'One scene is a segment of video.',
    key: 'scene',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        /** `scene.mp4`: no sound, closed GOP. */
        artifact: artifactRef(),
        index: z.int().nonnegative(),
        frames: z.int().positive(),
        narration: artifactRef(),
        timeline: artifactRef(),
        captions: z.strictObject({ srt: artifactRef(), vtt: artifactRef() }),
        credits: z.array(z.string()),
      }),
    example: {
      settings,
      artifact: exampleArtifact('scene.mp4', 'video/mp4'),
      index: 0,
      frames: 213,
      narration: exampleArtifact('narration.wav', 'audio/wav'),
      timeline: exampleArtifact('timeline.json', 'application/json'),
      captions: {
        srt: exampleArtifact('captions.srt', 'application/x-subrip'),
        vtt: exampleArtifact('captions.vtt', 'text/vtt'),
      },
      credits: [],
    },
  }),
  'pipeline.video.assembled': defineEvent({
    summary: 'The video is one file with picture and sound.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        /** `video.mp4`. */
        artifact: artifactRef(),
        timeline: artifactRef(),
        captions: z.strictObject({ srt: artifactRef(), vtt: artifactRef() }),
        durationSeconds: z.number().positive(),
        credits: z.array(z.string()),
      }),
    example: {
      settings,
      artifact: exampleArtifact('video.mp4', 'video/mp4'),
      timeline: exampleArtifact('timeline.json', 'application/json'),
      captions: {
        srt: exampleArtifact('captions.srt', 'application/x-subrip'),
        vtt: exampleArtifact('captions.vtt', 'text/vtt'),
      },
      durationSeconds: 61.4,
      credits: [],
    },
  }),
  'pipeline.thumbnail.created': defineEvent({
    summary: 'The video has its thumbnail.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        /** `thumbnail.jpg`. */
        artifact: artifactRef(),
        credits: z.array(z.string()),
      }),
    example: { settings, artifact: exampleArtifact('thumbnail.jpg', 'image/jpeg'), credits: [] },
  }),
  'pipeline.metadata.built': defineEvent({
    summary: 'Title, description, chapters and tags are written.',
    data: () =>
      z.strictObject({
        settings: videoSettings(),
        /** `metadata.json`. */
        artifact: artifactRef(),
        /** All that goes to people: the video, its thumbnail, captions and metadata. */
        products: z.array(artifactRef()).min(1).max(20),
      }),
    example: {
      settings,
      artifact: exampleArtifact('metadata.json', 'application/json'),
      products: [exampleArtifact('video.mp4', 'video/mp4')],
    },
  }),
  'pipeline.video.placed': defineEvent({
    summary: 'The finished files stand under their plain paths.',
    data: () =>
      z.strictObject({
        products: z.array(
          z.strictObject({ name: z.string(), key: z.string(), bytes: z.int().nonnegative() }),
        ),
      }),
    example: {
      products: [
        { name: 'video.mp4', key: 'output/0193b3f0-0000-8000-a000-000000000000/video.mp4', bytes: 9_120_331 },
      ],
    },
  }),
  'pipeline.completed': defineEvent({
    summary: 'All that the pipeline had to do is done.',
    data: () => z.strictObject({ state: z.literal('completed') }),
    example: { state: 'completed' },
  }),
  'pipeline.failed': defineEvent({
    summary: 'The pipeline cannot go on by itself: what is dead, and which parts are missing.',
    data: () =>
      z.strictObject({
        state: z.literal('failed'),
        dead: z.array(
          z.strictObject({
            delivery: z.string(),
            function: z.string(),
            key: z.string().optional(),
            code: z.string(),
            message: z.string(),
          }),
        ),
        missing: z.array(z.strictObject({ function: z.string(), parts: z.array(z.string()) })),
      }),
    example: {
      state: 'failed',
      dead: [
        {
          delivery: '0193b3f0-0000-8000-a000-000000010000',
          function: 'render-tts',
          code: 'voice-unknown',
          message: 'There is no voice "bob"; the voices are rms, slt, awb, kal16.',
        },
      ],
      missing: [{ function: 'mux-video', parts: ['scene-003'] }],
    },
  }),
};
