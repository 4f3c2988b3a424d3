import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactRef, eventCatalogue, type Script, type Timeline } from '#shared/events';
import type { Emit } from '#shared/function';
import { createOfflineKeywords } from '#shared/keywords';
import { createTestBench, publishedOf, type TestBench } from '../../../test/function-harness.ts';
import definition from './function.ts';
import { type Metadata, metadata } from './metadata.ts';

const ports = { keywords: createOfflineKeywords() };
let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.remove());

const { settings } = eventCatalogue['pipeline.video.assembled'].example;
/** Heading and seconds of each scene, as the narration took. */
const scenes: readonly (readonly [string, number])[] = [
  ['Why the sea is salt', 8.5],
  ['Rain begins the work', 9.25],
  ['Rain begins the work', 6],
  ['Fire below the water', 14.75],
  ['A fine <balance>', 12],
  ['A fine <balance>', 11],
];

const script: Script = {
  title: 'Why the sea is <salt>',
  language: 'en',
  scenes: scenes.map(([heading], index) => ({
    key: `scene-${String(index + 1).padStart(3, '0')}`,
    role: index === 0 ? 'hook' : index === scenes.length - 1 ? 'close' : 'scene',
    heading,
    narration: `Scene ${index + 1} tells of rain, rock & salt <in> the sea.`,
    picture: { subject: 'sea', words: ['sea'] },
  })),
  sources: [{ title: 'WordNet 3.1', licence: 'WordNet licence', url: 'https://wordnet.princeton.edu/' }],
  requestedSeconds: 60,
  plannedSeconds: 61,
};

function timelineOf(parts: readonly (readonly [string, number])[], fps = 30): Timeline {
  let startFrame = 0;
  const placed = parts.map(([heading, seconds], index) => {
    const frames = Math.round(seconds * fps);
    const scene = {
      key: `scene-${String(index + 1).padStart(3, '0')}`,
      heading,
      startFrame,
      frames,
      words: [],
    };
    startFrame += frames;
    return scene;
  });
  return { fps, totalFrames: startFrame, scenes: placed };
}

const keywords = [
  { term: 'sea', score: 1, why: 'The topic itself.' },
  { term: 'salt water', score: 0.9, why: 'A phrase.' },
  { term: '"quoted", <b>', score: 0.8, why: 'Hostile.' },
  ...Array.from({ length: 40 }, (_, index) => ({
    ...{ term: `a rather long keyword of the list, ${index}`, score: 0.5, why: 'Many.' },
  })),
];

async function build(
  given: { script?: Script | string; timeline?: Timeline | string; signal?: AbortSignal } = {},
): Promise<{ content: Metadata; products: readonly string[] }> {
  const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const file = (name: string, value: unknown): Promise<ArtifactRef> => bench.artifact(name, asText(value));
  const video = {
    ...eventCatalogue['pipeline.video.assembled'].example,
    timeline: await file('timeline.json', given.timeline ?? timelineOf(scenes)),
    durationSeconds: 61.5,
    credits: ['Fluent Emoji, Microsoft, MIT', 'Music: none'],
  };
  const events: Emit[] = [
    { type: 'pipeline.video.assembled', data: video },
    {
      type: 'pipeline.thumbnail.created',
      data: {
        ...eventCatalogue['pipeline.thumbnail.created'].example,
        credits: ['Fluent Emoji, Microsoft, MIT'],
      },
    },
    {
      type: 'pipeline.script.generated',
      data: {
        ...eventCatalogue['pipeline.script.generated'].example,
        artifact: await file('script.json', given.script ?? script),
      },
    },
    {
      type: 'pipeline.keywords.fetched',
      data: { ...eventCatalogue['pipeline.keywords.fetched'].example, keywords },
    },
  ];
  const { published } = await bench.run({
    ...{ definition, ports, events, ...(given.signal === undefined ? {} : { signal: given.signal }) },
  });
  const built = publishedOf(published, 'pipeline.metadata.built');
  const artifact = built.products.find(({ name }) => name === 'metadata.json');
  const content = metadata.parse(JSON.parse(await text(await bench.store.get(artifact?.key ?? ''))));
  return { content, products: built.products.map(({ name }) => name) };
}

describe('build-metadata', () => {
  it('writes what a video platform’s form asks for', async () => {
    const { content, products } = await build();
    expect(content.title).toBe('Why the sea is salt');
    expect(content.chapters).toEqual([
      { start: 0, heading: 'Rain begins the work' },
      { start: 23, heading: 'Fire below the water' },
      { start: 38, heading: 'A fine <balance>' },
    ]);
    expect(content.description).toBe(
      [
        'Scene 1 tells of rain, rock & salt in the sea. Scene 2 tells of rain, rock & salt in the sea. Scene 3 tells of rain, rock & salt in the sea.',
        'Chapters\n0:00 Rain begins the work\n0:23 Fire below the water\n0:38 A fine balance',
        'Sources\nWordNet 3.1. WordNet licence. https://wordnet.princeton.edu/',
        'Credits\nFluent Emoji, Microsoft, MIT\nMusic: none',
      ].join('\n\n'),
    );
    expect(content).toMatchObject({ durationSeconds: 61.5, width: settings.width, height: settings.height });
    expect(products).toEqual(['video.mp4', 'thumbnail.jpg', 'captions.srt', 'captions.vtt', 'metadata.json']);
  });

  it('keeps to the limits of tags: 500 characters, none with a mark that ends one', async () => {
    const { tags } = (await build()).content;
    expect(tags.slice(0, 3)).toEqual(['sea', 'salt water', 'quoted b']);
    expect(tags.map((tag) => (tag.includes(' ') ? `"${tag}"` : tag)).join(',').length).toBeLessThanOrEqual(
      500,
    );
    expect(tags.length).toBeGreaterThan(8);
  });

  it('counts hours in the chapters of a long video', async () => {
    const { description } = (
      await build({
        timeline: timelineOf(
          [
            ['One', 3_000],
            ['Two', 1_000.5],
            ['Three', 20],
          ],
          25,
        ),
      })
    ).content;
    expect(description).toContain('0:00 One\n50:00 Two\n1:06:40 Three');
  });

  it.each([
    [
      'two headings',
      [
        ['One', 30],
        ['Two', 30],
      ] as const,
    ],
    [
      'a video too short for three of ten seconds',
      [
        ['One', 9],
        ['Two', 9],
        ['Three', 9],
      ] as const,
    ],
  ])('has no chapters for %s', async (_, parts) => {
    const { content } = await build({ timeline: timelineOf(parts) });
    expect(content.chapters).toEqual([]);
    expect(content.description).not.toContain('Chapters');
  });

  it('says that the video is shorter than asked for', async () => {
    const shortened = 'The text holds enough for about 4 of the 60 seconds asked for; the video is shorter.';
    const { content } = await build({ script: { ...script, shortened } });
    expect(content.shortened).toBe(shortened);
    expect(content.description).toContain(shortened);
  });

  it('warns of letters that no typeface here has, and of nothing else', async () => {
    expect((await build()).content).not.toHaveProperty('warnings');
    const [first, ...rest] = script.scenes;
    const scenes = [
      { ...(first ?? script.scenes[0]), narration: 'The Cherokee say ᎣᏏᏲ, 中文 and नमस्ते.' },
      ...rest,
    ];
    const { content } = await build({ script: { ...script, scenes } as Script });
    expect(content.warnings).toEqual([expect.stringContaining('these letters: Ꭳ Ꮟ Ᏺ. They are left out')]);
  });

  it('keeps an endless description within 5,000 characters, whole lines only', async () => {
    const sources = Array.from({ length: 300 }, (_, index) => ({ title: `Source ${index}`, licence: 'CC0' }));
    const { description } = (await build({ script: { ...script, sources } })).content;
    expect(description.length).toBeLessThanOrEqual(5_000);
    expect(description).toMatch(/\. CC0\.\n…$/);
  });

  it('writes of a text alone what can be known of it, and says that its times are estimated', async () => {
    const sentence = 'Rain falls on the hills and carries a little salt of the rocks down to the sea. ';
    const artifact = await bench.artifact(
      'script.json',
      JSON.stringify({
        ...script,
        scenes: script.scenes.map((scene) => ({ ...scene, narration: sentence.repeat(2).trim() })),
      }),
    );
    const data = { ...eventCatalogue['pipeline.metadata.requested'].example, artifact, keywords: ['my tag'] };
    const events: Emit[] = [{ type: 'pipeline.metadata.requested', data }];
    const { published } = await bench.run({ definition, ports, events });
    const { artifact: made, products } = publishedOf(published, 'pipeline.metadata.built');
    expect(products.map(({ name }) => name)).toEqual(['metadata.json']);
    const content = metadata.parse(JSON.parse(await text(await bench.store.get(made.key))));
    expect(content).toMatchObject({ title: 'Why the sea is salt', estimated: true, credits: [] });
    expect(content.durationSeconds).toBeCloseTo(((6 * 34) / 155) * 60, 0);
    expect(content.chapters.map(({ heading }) => heading)).toEqual([
      'Why the sea is salt',
      'Rain begins the work',
      'Fire below the water',
      'A fine <balance>',
    ]);
    expect(content.tags[0]).toBe('my tag');
    expect(content.tags.join(' ')).toContain('salt');
  });

  it.each([
    ['a script that is no JSON', { script: '{' }, 'script-invalid'],
    ['a script without scenes', { script: { ...script, scenes: [] } }, 'script-invalid'],
    ['a timeline of another shape', { timeline: '{"fps":30}' }, 'timeline-invalid'],
    [
      'a timeline with negative times',
      { timeline: { ...timelineOf(scenes), totalFrames: -1 } },
      'timeline-invalid',
    ],
  ])('refuses %s', async (_, given, code) => {
    await expect(build(given)).rejects.toMatchObject({ kind: 'permanent', code });
  });

  it('is cancelled with the reason it is given', async () => {
    const reason = new Error('cancelled by its owner');
    await expect(build({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
