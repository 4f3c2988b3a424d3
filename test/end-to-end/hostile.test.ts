import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOfVideo } from './inspect-video.ts';
import { productFile, settled, small, startPipeline, VIDEO_LIMIT_MS } from './pipelines.ts';
import { filesUnder, type Product, startProduct } from './product.ts';
import { readCaptions } from './read-captions.ts';

/** Each would be a command, a path, a filter or a markup somewhere; here each is only text. */
const scripts = [
  {
    what: 'the syntax of FFmpeg filters',
    script: "A stranger typed drawtext='pwned', [in] and ;movie=/etc/passwd,[out] into the form.",
    words: ['stranger', 'typed', 'form.'],
  },
  {
    what: 'expansions of drawtext and percent signs',
    script: 'The clock shows %{pts} and %{eif:1:d}, and 100%% of these signs are harmless.',
    words: ['clock', 'shows', 'harmless.'],
  },
  {
    what: 'quotes, backslashes and the markup of subtitles',
    script: String.raw`She said "it's a 'test' of C:\dir\new", then {\an8}{\b1} and <i>slanted</i> --> words followed.`,
    words: ['said', "'test'", 'followed.'],
  },
  {
    what: 'commands of a shell and paths upwards',
    script: 'Nobody runs $(touch CANARY) or ;touch CANARY; here, nor reads ../../../../etc/passwd today.',
    words: ['Nobody', 'here,', 'today.'],
  },
  {
    what: 'letters from right to left, emoji, joiners and combining marks',
    script:
      'The word שלום means peace 🐙👩‍👩‍👧. An e\u0301toile is a star, and Z\u0351\u036b\u0343a\u0349l\u0349go is a joke.',
    words: ['word', 'means', 'star,', 'joke.'],
  },
  {
    what: 'a title of 200 characters',
    script: `# ${'Extraordinary octopuses '.repeat(9).slice(0, 200)}\n\nAn octopus has three hearts.`,
    words: ['octopus', 'hearts.'],
  },
  {
    what: 'a word of 500 letters',
    script: `Somebody wrote ${'Lla'.repeat(167)} on a wall.`,
    words: ['Somebody', 'wall.'],
  },
];
const topics = [
  String.raw`':drawtext=text=%{pts},[in] \"octopus\" <script>`,
  '$(touch CANARY) ../../../etc/passwd & octopus | "quotes"',
  'שלום 🐙 octopus',
];

let product: Product;
const runs = new Map<string, string>();

beforeAll(async () => {
  product = await startProduct();
  const canary = join(product.dataDir, 'canary');
  const begin = async (key: string, source: { script: string } | { topic: string }) => {
    // Room for every sentence of them.
    const { id } = await startPipeline(product, { ...source, ...small, seconds: 15 });
    runs.set(key, id);
  };
  for (const { what, script } of scripts)
    await begin(what, { script: script.replaceAll('CANARY', `"${canary}"`) });
  for (const topic of topics) await begin(topic, { topic: topic.replaceAll('CANARY', 'canary') });
}, 120_000);
afterAll(() => product?.remove());

async function finished(key: string): Promise<string> {
  const pipeline = await settled(product, runs.get(key) ?? '', VIDEO_LIMIT_MS);
  expect(pipeline.failure).toBeUndefined();
  expect(pipeline.status).toBe('completed');
  const path = productFile(product, pipeline, 'video.mp4');
  expect(await faultsOfVideo({ path, width: 320, height: 180, seconds: 60 })).toEqual([]);
  const srt = await readFile(productFile(product, pipeline, 'captions.srt'), 'utf8');
  expect(readCaptions(srt).length).toBeGreaterThan(0);
  return srt;
}

describe('a script with', () => {
  it.each(scripts)(
    '$what is narrated, and captions hold its words',
    async ({ what, words }) => {
      const srt = await finished(what);
      const shown = readCaptions(srt).flatMap(({ text }) => text.split(/\s+/));
      expect(shown).toEqual(expect.arrayContaining(words));
      // No caption carries what a player takes for markup.
      expect(srt).not.toMatch(/<[a-z/]|\{\\|\n.*-->.*-->/i);
    },
    VIDEO_LIMIT_MS,
  );
});

describe('the topic', () => {
  it.each(topics)('%s makes a video', async (topic) => void (await finished(topic)), VIDEO_LIMIT_MS);
});

it('no command among them was run, and nothing stands outside its place', async () => {
  const files = await filesUnder(product.dataDir);
  expect(files.filter((path) => path.includes('canary'))).toEqual([]);
  expect(await filesUnder(join(product.dataDir, 'work'))).toEqual([]);
});
