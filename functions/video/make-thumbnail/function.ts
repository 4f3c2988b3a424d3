import { readJson, type Scene, script, type VideoSettings } from '#shared/events';
import { defineFunction } from '#shared/function';

/** Pixels, as the platforms ask for them: YouTube, Shorts, square feeds. */
const sizes: Readonly<Record<VideoSettings['format'], { readonly width: number; readonly height: number }>> =
  {
    long: { width: 1280, height: 720 },
    short: { width: 720, height: 1280 },
    square: { width: 1080, height: 1080 },
  };

export default defineFunction({
  name: 'make-thumbnail',
  summary: 'Makes the thumbnail: the title in large type beside what the video is about.',
  consumes: ['pipeline.script.generated'],
  needs: ['pictures'],
  async handle(input, deps) {
    const { settings, artifact, title, subject } = input.one('pipeline.script.generated').data;
    const { scenes } = await readJson({
      path: await deps.fetch(artifact),
      name: 'script.json',
      schema: script,
    });
    const picture = await deps.pictures.thumbnail({
      // The video's own subject leads; the hook's words help where it names nothing to show.
      subject,
      words: hookWords(scenes),
      title,
      ...sizes[settings.format],
      seed: input.run.title,
      position: { index: 0, total: scenes.length },
      signal: deps.signal,
    });
    const thumbnail = await deps.put('thumbnail.jpg', { bytes: picture.bytes });
    return { puts: [{ artifact: thumbnail, data: { settings, credits: [...picture.credits] } }] };
  },
});

function hookWords(scenes: readonly Scene[]): readonly string[] {
  const hook = scenes.find(({ role }) => role === 'hook') ?? scenes[0];
  return hook === undefined ? [] : [hook.picture.subject, ...hook.picture.words];
}
