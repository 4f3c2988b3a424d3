import type { Script, Timeline, VideoSettings } from '#shared/events';
import type { Keyword } from '#shared/keywords';
import { shorten } from '#shared/text';
import { chaptersOf } from './chapters.ts';
import { describe, tagsOf } from './describe.ts';
import { type Metadata, metadata } from './metadata.ts';
import { warningsOf } from './warnings.ts';

/** The metadata of a script that is spoken as the timeline says. */
export function compose(given: {
  readonly script: Script;
  readonly timeline: Timeline;
  readonly keywords: readonly Keyword[];
  readonly settings: VideoSettings;
  readonly durationSeconds: number;
  readonly credits: readonly string[];
  readonly isEstimated?: true;
}): Metadata {
  const { script, timeline, keywords, settings, durationSeconds, credits, isEstimated } = given;
  const chapters = chaptersOf(timeline);
  const warnings = warningsOf(script);
  return metadata.parse({
    title: shorten(script.title.replaceAll(/[<>]/g, ''), 100) || 'Untitled',
    description: describe({ script, chapters, credits }),
    tags: tagsOf(keywords),
    language: script.language,
    durationSeconds,
    requestedSeconds: settings.seconds,
    format: settings.format,
    width: settings.width,
    height: settings.height,
    fps: settings.fps,
    chapters,
    keywords,
    sources: script.sources,
    credits,
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(isEstimated === undefined ? {} : { estimated: isEstimated }),
    ...(script.shortened === undefined ? {} : { shortened: script.shortened }),
  });
}
