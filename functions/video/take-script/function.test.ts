import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestBench, publishedOf, type TestBench } from '../../../test/function-harness.ts';
import takeScript from './function.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.remove());

async function run(name: string, body: Uint8Array | string) {
  const artifact = await bench.artifact(name, body);
  const events = [{ type: 'script.uploaded', data: { path: `scripts/alice/${name}`, artifact } }] as const;
  return { artifact, ...(await bench.run({ definition: takeScript, events, ports: {} })) };
}

describe('a script from the inbox', () => {
  test('in Markdown starts a video of its text as it stands', async () => {
    const { artifact, published } = await run(
      'hearts.md',
      '# Three hearts\n\nAn octopus has three hearts.\n',
    );
    const { script, settings, topic } = publishedOf(published, 'pipeline.started');
    expect([script, topic]).toEqual([artifact, undefined]);
    expect(settings).toMatchObject({
      format: 'long',
      width: 1920,
      height: 1080,
      seconds: 60,
      language: 'en',
    });
  });

  test('in JSON says how it is to look and sound', async () => {
    const asked = {
      script: 'An octopus has three hearts.',
      format: 'short',
      voice: 'slt',
      seconds: 20,
      title: 'Hearts',
    };
    const { published, artifacts } = await run('hearts.json', JSON.stringify(asked));
    const { script, settings } = publishedOf(published, 'pipeline.started');
    expect(script).toEqual(artifacts[0]);
    expect(settings).toMatchObject({ format: 'short', width: 1080, height: 1920, voice: 'slt', seconds: 20 });
  });

  test('in JSON may name a topic instead', async () => {
    const { published } = await run('topic.json', JSON.stringify({ topic: 'Why bees dance' }));
    expect(publishedOf(published, 'pipeline.started')).toMatchObject({ topic: 'Why bees dance' });
  });

  test.each([
    ['broken.json', '{', 'script-invalid'],
    ['both.json', '{"topic":"Why bees dance","script":"Bees dance."}', 'script-invalid'],
    ['neither.json', '{}', 'script-invalid'],
    ['unknown.json', '{"topic":"Why bees dance","colour":"red"}', 'script-invalid'],
    ['list.json', '[]', 'script-invalid'],
    ['empty.md', ' \n', 'script-empty'],
    ['binary.md', Buffer.from([0, 1, 2]), 'script-not-text'],
    ['latin.md', Buffer.from([0x68, 0xe9]), 'script-not-text'],
  ])('%s is refused for good, with %s', async (name, body, code) => {
    await expect(run(name, body)).rejects.toMatchObject({ kind: 'permanent', code });
  });
});
