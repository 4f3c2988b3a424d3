import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMedia, findFfmpeg, type Media } from '#shared/media';
import muxVideo from '../../functions/video/mux-video/function.ts';
import prepareAssembly from '../../functions/video/prepare-assembly/function.ts';
import renderScene from '../../functions/video/render-scene/function.ts';
import { createTestBench, publishedOf, type TestBench } from '../function-harness.ts';
import { assemblyRequest, givenPictures, tone } from '../given-media.ts';

let media: Media;
let bench: TestBench;
beforeAll(async () => {
  media = createMedia({ ffmpeg: (await findFfmpeg()).path });
  bench = await createTestBench();
});
afterAll(() => bench.remove());

test('given sound and pictures become a video by the functions that render any other', async () => {
  const asked = await assemblyRequest(bench, { audio: tone(4), pictures: await givenPictures(bench) });
  const { published } = await bench.run({ definition: prepareAssembly, events: [asked], ports: { media } });
  const narrated = publishedOf(published, 'pipeline.audio.rendered');
  const illustrated = published.filter(({ type }) => type === 'scene.illustrated');
  const rendered = [];
  for (const event of illustrated) {
    const audio = { type: 'pipeline.audio.rendered', data: narrated } as const;
    const scene = await bench.run({ definition: renderScene, events: [event, audio], ports: { media } });
    rendered.push({
      type: 'scene.rendered',
      key: event.key ?? '',
      data: publishedOf(scene.published, 'scene.rendered'),
    } as const);
  }
  const script = publishedOf(published, 'pipeline.script.generated');
  const video = await bench.run({
    definition: muxVideo,
    events: [{ type: 'pipeline.script.generated', data: script }, ...rendered],
    ports: { media },
  });
  const { artifact } = publishedOf(video.published, 'pipeline.video.assembled');
  const path = bench.store.localPath?.(artifact.key) ?? '';
  const info = await media.probe({ path, signal: new AbortController().signal });
  expect(info).toMatchObject({ video: { width: 320, height: 180 }, audio: { sampleRate: 48_000 } });
  expect(info.durationSeconds).toBeCloseTo(4, 1);
});
