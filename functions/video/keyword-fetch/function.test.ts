import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventData, eventCatalogue } from '#shared/events';
import { createOfflineKeywords } from '#shared/keywords';
import { createTestBench, publishedOf, type TestBench } from '../../../test/function-harness.ts';
import definition from './function.ts';

const { settings } = eventCatalogue['pipeline.started'].example;
const ports = { keywords: createOfflineKeywords() };
let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.remove());

function started(data: Omit<EventData<'pipeline.started'>, 'settings'>, language = 'en') {
  return [{ type: 'pipeline.started' as const, data: { settings: { ...settings, language }, ...data } }];
}

describe('keyword-fetch', () => {
  it('finds what a question is about, each term with its score and why', async () => {
    const { published } = await bench.run({
      ...{ definition, ports, events: started({ topic: 'Why octopuses have three hearts' }) },
    });
    const { subject, keywords, topic } = publishedOf(published, 'pipeline.keywords.fetched');
    expect({ subject, topic }).toEqual({
      subject: 'octopuses with three hearts',
      topic: 'Why octopuses have three hearts',
    });
    expect(keywords.map(({ term }) => term)).toEqual(expect.arrayContaining(['octopus', 'heart']));
    expect(keywords[0]?.score).toBe(1);
    expect(keywords.every(({ why }) => why.endsWith('.'))).toBe(true);
    expect(new Set(keywords.map(({ term }) => term)).size).toBe(keywords.length);
  });

  it('finds what a text is about', async () => {
    const script = await bench.artifact(
      'script.md',
      '# Lighthouses of the north\n\nA lighthouse warns ships. The lamp of a lighthouse turns.\n\n- ships\n- lamps',
    );
    const { published } = await bench.run({ definition, ports, events: started({ script }) });
    const answer = publishedOf(published, 'pipeline.keywords.fetched');
    expect(answer.subject).toBe('Lighthouses of the north');
    expect(answer.script).toEqual(script);
    expect(answer.keywords[0]).toMatchObject({ term: 'lighthouse', score: 1 });
  });

  it.each([
    ['nothing', '', 'script-empty'],
    ['blanks', ' \n\t ', 'script-empty'],
    ['code alone', '```\ncode\n```', 'script-empty'],
    ['a NUL byte', 'The sea\u0000 is deep.', 'script-not-text'],
    ['bytes that are no UTF-8', Buffer.from([0x48, 0x69, 0xff, 0xfe, 0x80]), 'script-not-text'],
    ['more than 200 KB', 'The sea is deep. '.repeat(12_100), 'script-too-large'],
    ['another script', '海はなぜ塩辛いのか。雨が岩を削る。', 'language-unsupported'],
  ])('refuses a script of %s', async (_, body, code) => {
    const script = await bench.artifact('script.md', body);
    await expect(bench.run({ definition, ports, events: started({ script }) })).rejects.toMatchObject({
      ...{ kind: 'permanent', code, message: expect.stringMatching(/\.$/) },
    });
  });

  it('refuses neither topic nor script, and a language it does not know', async () => {
    await expect(bench.run({ definition, ports, events: started({}) })).rejects.toMatchObject({
      ...{ kind: 'permanent', code: 'topic-missing' },
    });
    const events = started({ topic: 'Why the sea is salt' }, 'de');
    await expect(bench.run({ definition, ports, events })).rejects.toMatchObject({
      ...{ kind: 'permanent', code: 'language-unsupported' },
    });
  });

  it('fails where the script is gone from the store', async () => {
    const script = await bench.artifact('script.md', 'The sea is deep.');
    await bench.store.remove(script.key);
    await expect(bench.run({ definition, ports, events: started({ script }) })).rejects.toMatchObject({
      code: 'artifact-missing',
    });
  });

  it('is cancelled with the reason it is given', async () => {
    const reason = new Error('cancelled by its owner');
    const run = bench.run({
      ...{ definition, ports, events: started({ topic: 'the sea' }), signal: AbortSignal.abort(reason) },
    });
    await expect(run).rejects.toBe(reason);
  });
});
