import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Transient } from '#shared/errors';
import { type ArtifactRef, eventCatalogue, type Script, script as scriptSchema } from '#shared/events';
import type { Emit } from '#shared/function';
import { createModelScriptWriter, createOfflineScriptWriter, type ScriptWriter } from '#shared/language';
import { createFliteSpeech, splitSentences } from '#shared/speech';
import { countWords } from '#shared/text';
import { createTestBench, publishedOf, type TestBench } from '../../../test/function-harness.ts';
import definition from './function.ts';

const { settings } = eventCatalogue['pipeline.keywords.fetched'].example;
const speech = createFliteSpeech();
/** Never asked here. */
const peerless = {
  ...{ baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'a-key', model: 'small' },
  ...{ timeoutMs: 1_000, maxOutputTokens: 100 },
};
const ports = { scriptWriter: createOfflineScriptWriter(), speech };
let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(async () => {
  await speech.close();
  await bench.remove();
});

interface Asked {
  topic?: string;
  script?: ArtifactRef;
  seconds?: number;
  title?: string;
  voice?: string;
}

function asked(given: Asked): Emit[] {
  const { seconds = 60, title, voice, ...rest } = given;
  return [
    {
      type: 'pipeline.keywords.fetched',
      data: {
        settings: {
          ...{ ...settings, seconds },
          ...(title === undefined ? {} : { title }),
          ...(voice === undefined ? {} : { voice }),
        },
        ...{ subject: 'the sea', keywords: [{ term: 'sea', score: 1, why: 'The topic itself.' }], ...rest },
      },
    },
  ];
}

async function write(
  given: Parameters<typeof asked>[0],
): Promise<{ script: Script; published: readonly Emit[] }> {
  const { published } = await bench.run({ definition, ports, events: asked(given) });
  const { artifact } = publishedOf(published, 'pipeline.script.generated');
  return {
    script: scriptSchema.parse(JSON.parse(await text(await bench.store.get(artifact.key)))),
    published,
  };
}

const ARTICLE = `# Two hundred winters

The lighthouse was built in **1811** by [masons](https://example.org/masons) who came each summer.

> "We saw nothing but water," says the log of 1838.

| year | keeper |
|------|--------|
| 1962 | none   |

## The lamp

The lamp burned oil, later paraffin; it was visible for 28.5 miles. \`code()\` is spoken, but not this:

\`\`\`js
never();
\`\`\`

- a clockwork of brass
- a lens from Paris
- a wick

The last keepers left in 1988. Today a computer on the mainland watches over the lamp.
`;

describe('generate-script', () => {
  it('publishes the script and each of its scenes, in order', async () => {
    const { script, published } = await write({ topic: 'Why the sea is salt' });
    const parts = published.filter((event) => event.type === 'scene.scripted');
    expect(parts.map(({ key }) => key)).toEqual(script.scenes.map(({ key }) => key));
    expect(parts[1]).toMatchObject({
      data: { index: 1, total: script.scenes.length, scene: script.scenes[1] },
    });
    expect(publishedOf(published, 'pipeline.script.generated')).toMatchObject({
      ...{ subject: 'the sea', title: 'Why the sea is salt', scenes: parts.length },
      artifact: { name: 'script.json', type: 'application/json' },
    });
  });

  it('keeps every word, number and quotation of a text that fits, and nothing that is not read aloud', async () => {
    const { script } = await write({ script: await bench.artifact('script.md', ARTICLE), seconds: 40 });
    expect(script.title).toBe('Two hundred winters');
    const said = script.scenes.map(({ narration }) => narration).join(' ');
    for (const fact of [
      'built in 1811 by masons who came each summer.',
      '"We saw nothing but water," says the log of 1838.',
      'visible for 28.5 miles',
      'A clockwork of brass, a lens from Paris, and a wick.',
      'The last keepers left in 1988.',
    ])
      expect(said).toContain(fact);
    expect(said).not.toMatch(/never|keeper \||[*#`|[\]<>]|example\.org/);
    expect([...new Set(script.scenes.map(({ heading }) => heading))]).toEqual([
      'Two hundred winters',
      'The lamp',
    ]);
  });

  it('condenses a long text to whole sentences of its own, in their order', async () => {
    const sentences = Array.from(
      { length: 120 },
      (_, index) => `Keeper number ${index + 1} wrote about the storm of that winter in the log.`,
    );
    const { script } = await write({
      script: await bench.artifact('script.md', sentences.join(' ')),
      seconds: 30,
    });
    const said = script.scenes
      .flatMap(({ narration }) => narration.match(/[^.]+\./g) ?? [])
      .map((sentence) => sentence.trim());
    expect(said.every((sentence) => sentences.includes(sentence))).toBe(true);
    expect(said).toEqual([...said].sort((left, right) => sentences.indexOf(left) - sentences.indexOf(right)));
    expect(script.plannedSeconds).toBeGreaterThan(22);
    expect(script.plannedSeconds).toBeLessThan(36);
  });

  it('makes a shorter script of a short text and says so', async () => {
    const { script } = await write({
      script: await bench.artifact('note.txt', 'Buy milk\nCall Anna\nRead the report'),
    });
    expect(script.scenes.map(({ narration }) => narration).join(' ')).toBe(
      'Buy milk. Call Anna. Read the report.',
    );
    expect(script.shortened).toMatch(/of the 60 seconds asked for; the video is shorter/);
  });

  it('tells of the article that comes along for about a minute', async () => {
    const source = await readFile(new URL('../../../examples/demo-article.md', import.meta.url));
    const { script } = await write({ script: await bench.artifact('demo-article.md', source) });
    expect(script.plannedSeconds).toBeGreaterThan(54);
    expect(script.plannedSeconds).toBeLessThan(66);
    expect(script.shortened).toBeUndefined();
    const said = script.scenes.map(({ narration }) => narration).join(' ');
    const prose = source.toString().replaceAll(/^#.*$/gm, '').replaceAll(/\s+/g, ' ').trim();
    expect(said).toBe(prose);
    expect(countWords(said)).toBe(countWords(prose));
  });

  it.each([
    ['rms', 60],
    ['rms', 30],
    ['slt', 60],
    ['awb', 60],
    ['kal16', 60],
  ])('writes as much as %s speaks in %i seconds', async (voice, seconds) => {
    const source = await readFile(new URL('../../../examples/demo-article.md', import.meta.url));
    const given = await bench.artifact('demo-article.md', source);
    const { script } = await write({ script: given, voice, seconds });
    const spoken = await spokenSeconds(script, voice);
    expect(spoken).toBeGreaterThan(seconds * 0.9);
    expect(spoken).toBeLessThan(seconds * 1.1);
  });

  it('uses the title that is wished for', async () => {
    const { script } = await write({ topic: 'the sea', title: 'My own title' });
    expect(script.title).toBe('My own title');
  });

  it.each([
    ['empty', '', 'script-empty'],
    ['a picture alone', '![a bee](bee.png)', 'script-empty'],
    ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'script-not-text'],
  ])('refuses a script that is %s', async (_, body, code) => {
    const script = await bench.artifact('script.md', body);
    await expect(bench.run({ definition, ports, events: asked({ script }) })).rejects.toMatchObject({
      ...{ kind: 'permanent', code },
    });
  });

  it.each<[string, ScriptWriter['write'], object]>([
    [
      'fails for now',
      async () => {
        throw new Transient('model-busy', 'The model takes no more requests for now.');
      },
      { kind: 'transient', code: 'model-busy' },
    ],
    [
      'answers with no script',
      async () => ({ ...(await example()), scenes: [] }),
      { kind: 'permanent', code: 'script-invalid' },
    ],
  ])('where the writer %s, so does the function', async (_, writer, expected) => {
    const run = bench.run({
      definition,
      ports: { ...ports, scriptWriter: { write: writer } },
      events: asked({ topic: 'the sea' }),
    });
    await expect(run).rejects.toMatchObject(expected);
  });

  it.each([
    ['the provider of a language model', createModelScriptWriter(peerless).provider, ['language-model']],
    ['nobody where the script is written offline', createOfflineScriptWriter().provider, []],
  ])('asks leave of %s', async (_, provider, expected) => {
    const asks: string[] = [];
    const scriptWriter: ScriptWriter = {
      ...createOfflineScriptWriter(),
      ...(provider === undefined ? {} : { provider }),
    };
    const request = { definition, ports: { ...ports, scriptWriter }, events: asked({ topic: 'the sea' }) };
    await bench.run({ ...request, onProvider: (name) => asks.push(name) });
    expect(asks).toEqual(expected);
  });

  it('asks the model nothing where its limit is reached', async () => {
    let written = 0;
    const scriptWriter: ScriptWriter = {
      provider: 'language-model',
      write: async () => {
        written += 1;
        return example();
      },
    };
    const full = new Transient('provider-limit-reached', 'The limit is reached.');
    const run = bench.run({
      ...{ definition, ports: { ...ports, scriptWriter }, events: asked({ topic: 'the sea' }) },
      onProvider: () => {
        throw full;
      },
    });
    await expect(run).rejects.toBe(full);
    expect(written).toBe(0);
  });

  it('is cancelled with the reason it is given', async () => {
    const reason = new Error('cancelled by its owner');
    const signal = AbortSignal.abort(reason);
    await expect(bench.run({ definition, ports, events: asked({ topic: 'the sea' }), signal })).rejects.toBe(
      reason,
    );
  });
});

async function example(): Promise<Script> {
  return (await write({ topic: 'the sea' })).script;
}

/** With the silence that narration has before, between and after sentences. */
async function spokenSeconds(script: Script, voice: string): Promise<number> {
  const { signal } = new AbortController();
  let seconds = 0;
  for (const { narration } of script.scenes) {
    for (const [index, text] of splitSentences(narration).entries()) {
      const { samples, sampleRate } = await speech.speak({ text, voice, language: 'en', signal });
      seconds += samples.length / sampleRate + (index === 0 ? 0.65 : 0.38);
    }
  }
  return seconds;
}
