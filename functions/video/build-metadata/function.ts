import type { z } from 'zod';
import {
  type ArtifactRef,
  type EventData,
  readJson,
  type Script,
  script as scriptSchema,
  type Timeline,
  timeline as timelineSchema,
} from '#shared/events';
import { type Dependencies, defineFunction, type FunctionInput } from '#shared/function';
import type { Keyword, KeywordSource } from '#shared/keywords';
import { compose } from './compose.ts';
import { plannedTimeline } from './planned-timeline.ts';

/** As many as the event of a pipeline carries at most. */
const MOST_KEYWORDS = 30;

const ofVideo = [
  'pipeline.video.assembled',
  'pipeline.thumbnail.created',
  'pipeline.script.generated',
  'pipeline.keywords.fetched',
] as const;

export default defineFunction({
  name: 'build-metadata',
  summary: 'Writes title, description with chapters from real timings, tags, sources and credits.',
  consumes: [...ofVideo, 'pipeline.metadata.requested'],
  needs: ['keywords'],
  async handle(input, deps) {
    const [requested] = input.all('pipeline.metadata.requested');
    const { settings, content, others } =
      requested === undefined ? await ofFinishedVideo(input, deps) : await ofText(requested.data, deps);
    for (const warning of content.warnings ?? []) deps.log.warn({}, warning);
    const artifact = await deps.put('metadata.json', { bytes: `${JSON.stringify(content, null, 2)}\n` });
    return { puts: [{ artifact, data: { settings, products: [...others, artifact] } }] };
  },
});

type Fetch = Pick<Dependencies<never>, 'fetch'>;

/** With the timings of what is narrated, and the files that go to people beside it. */
async function ofFinishedVideo(input: FunctionInput<(typeof ofVideo)[number]>, deps: Fetch) {
  const video = input.one('pipeline.video.assembled').data;
  const thumbnail = input.one('pipeline.thumbnail.created').data;
  const { settings, durationSeconds } = video;
  const content = compose({
    script: await readScript(input.one('pipeline.script.generated').data.artifact, deps),
    timeline: await read(video.timeline, timelineSchema, deps),
    keywords: input.one('pipeline.keywords.fetched').data.keywords,
    settings,
    durationSeconds,
    credits: [...new Set([...video.credits, ...thumbnail.credits])],
  });
  return {
    settings,
    content,
    others: [video.artifact, thumbnail.artifact, video.captions.srt, video.captions.vtt],
  };
}

/** Of a text alone: its times are those of a usual reading pace. */
async function ofText(
  { settings, artifact, keywords: wished }: EventData<'pipeline.metadata.requested'>,
  deps: Fetch & { keywords: KeywordSource; signal: AbortSignal },
) {
  const script = await readScript(artifact, deps);
  const timeline: Timeline = plannedTimeline(script, settings.fps);
  const found = await deps.keywords.fetch({
    text: script.scenes.map(({ narration }) => narration).join('\n\n'),
    language: settings.language,
    limit: MOST_KEYWORDS,
    signal: deps.signal,
  });
  const content = compose({
    script,
    timeline,
    keywords: withWished(found.keywords, wished),
    settings,
    durationSeconds: timeline.totalFrames / timeline.fps,
    credits: [],
    isEstimated: true,
  });
  return { settings, content, others: [] };
}

/** The maker's own terms come first. */
function withWished(found: readonly Keyword[], wished: readonly string[]): readonly Keyword[] {
  const own = wished.map((term): Keyword => ({ term, score: 1, why: 'Given by the maker.' }));
  return [...own, ...found.filter(({ term }) => !wished.includes(term))].slice(0, MOST_KEYWORDS);
}

async function readScript(artifact: ArtifactRef, deps: Fetch): Promise<Script> {
  return await read(artifact, scriptSchema, deps);
}

async function read<Schema extends z.ZodType>(
  artifact: ArtifactRef,
  schema: Schema,
  deps: Fetch,
): Promise<z.infer<Schema>> {
  return readJson({ path: await deps.fetch(artifact), name: artifact.name, schema });
}
