import type { z } from 'zod';
import {
  type ArtifactRef,
  readJson,
  script as scriptSchema,
  timeline as timelineSchema,
} from '#shared/events';
import { defineFunction } from '#shared/function';
import { shorten } from '#shared/text';
import { chaptersOf } from './chapters.ts';
import { describe, tagsOf } from './describe.ts';
import { type Metadata, metadata } from './metadata.ts';

export default defineFunction({
  name: 'build-metadata',
  summary: 'Writes title, description with chapters from real timings, tags, sources and credits.',
  consumes: [
    'pipeline.video.assembled',
    'pipeline.thumbnail.created',
    'pipeline.script.generated',
    'pipeline.keywords.fetched',
  ],
  needs: [],
  async handle(input, deps) {
    const video = input.one('pipeline.video.assembled').data;
    const thumbnail = input.one('pipeline.thumbnail.created').data;
    const written = input.one('pipeline.script.generated').data;
    const { keywords } = input.one('pipeline.keywords.fetched').data;
    const read = async <Schema extends z.ZodType>(
      artifact: ArtifactRef,
      schema: Schema,
    ): Promise<z.infer<Schema>> =>
      readJson({ path: await deps.fetch(artifact), name: artifact.name, schema });
    const script = await read(written.artifact, scriptSchema);
    const chapters = chaptersOf(await read(video.timeline, timelineSchema));
    const credits = [...new Set([...video.credits, ...thumbnail.credits])];
    const { settings } = video;
    const content: Metadata = metadata.parse({
      title: shorten(script.title.replaceAll(/[<>]/g, ''), 100) || 'Untitled',
      description: describe({ script, chapters, credits }),
      tags: tagsOf(keywords),
      language: script.language,
      durationSeconds: video.durationSeconds,
      requestedSeconds: settings.seconds,
      format: settings.format,
      width: settings.width,
      height: settings.height,
      fps: settings.fps,
      chapters,
      keywords,
      sources: script.sources,
      credits,
      ...(script.shortened === undefined ? {} : { shortened: script.shortened }),
    });
    const artifact = await deps.put('metadata.json', { bytes: `${JSON.stringify(content, null, 2)}\n` });
    const products = [video.artifact, thumbnail.artifact, video.captions.srt, video.captions.vtt, artifact];
    return { puts: [{ artifact, data: { settings, products } }] };
  },
});
