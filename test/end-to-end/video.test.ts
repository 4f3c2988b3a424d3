import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWordNet } from '#shared/wordnet';
import { numbersFrom, testSeed } from '../seed.ts';
import { faultsOfVideo } from './inspect-video.ts';
import {
  artifactOf,
  type Pipeline,
  productFile,
  settled,
  small,
  startPipeline,
  VIDEO_LIMIT_MS,
} from './pipelines.ts';
import { type Product, startProduct } from './product.ts';
import { readCaptions } from './read-captions.ts';

/** Nouns of WordNet, drawn by the commit's hash: no topic is special. */
function drawTopics(count: number): readonly string[] {
  const numbers = numbersFrom(`end to end ${testSeed()}`);
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const topics = new Set<string>();
  while (topics.size < count) {
    const words = openWordNet()
      .nounsStartingWith(letters.charAt(numbers.next().value % letters.length))
      .filter((word) => /^[a-z][a-z '-]{2,60}$/.test(word));
    const topic = words[numbers.next().value % words.length];
    if (topic !== undefined) topics.add(topic);
  }
  return [...topics];
}

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);
afterAll(() => product?.remove());

it.each(['Why octopuses have three hearts', ...drawTopics(3)])(
  'makes a narrated video of "%s", with captions, thumbnail and metadata',
  async (topic) => {
    const { id } = await startPipeline(product, { topic, ...small });
    const pipeline: Pipeline = await settled(product, id);
    expect(pipeline.failure).toBeUndefined();
    expect(pipeline.status).toBe('completed');

    const file = (name: string) => productFile(product, pipeline, name);
    const faults = await faultsOfVideo({ path: file('video.mp4'), width: 320, height: 180, seconds: 6 });
    expect(faults).toEqual([]);
    const captions = await readFile(file('captions.vtt'), 'utf8');
    expect(captions).toMatch(/^WEBVTT\n\n/);
    const cues = readCaptions(captions);
    expect(cues.length).toBeGreaterThan(0);
    expect(cues).toEqual(readCaptions(await readFile(file('captions.srt'), 'utf8')));
    expect((await readFile(file('thumbnail.jpg'))).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const metadata = JSON.parse(await readFile(file('metadata.json'), 'utf8')) as Record<string, unknown>;
    expect(metadata).toMatchObject({
      title: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\w/),
    });
    expect((await readFile(file('video.mp4'))).length).toBe(artifactOf(pipeline, 'video.mp4').bytes);
  },
  VIDEO_LIMIT_MS,
);
