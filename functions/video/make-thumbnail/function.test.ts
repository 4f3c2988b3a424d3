import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventCatalogue, type Script, type VideoSettings } from '#shared/events';
import type { Dependencies, FunctionInput } from '#shared/function';
import { createIllustrator } from '#shared/images';
import definition from './function.ts';

const pictures = createIllustrator();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-thumbnail-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const script: Script = {
  title: 'Why octopuses have three hearts',
  language: 'en',
  scenes: [
    {
      key: 'scene-001',
      role: 'hook',
      heading: 'Three hearts',
      narration: 'An octopus has three hearts.',
      picture: { subject: 'octopus', words: ['heart'] },
    },
  ],
  sources: [{ title: 'A note', licence: 'CC0' }],
  requestedSeconds: 6,
  plannedSeconds: 6,
};

async function run(format: VideoSettings['format'], text = JSON.stringify(script)) {
  const example = eventCatalogue['pipeline.script.generated'].example;
  const event = {
    id: 'e',
    type: 'pipeline.script.generated' as const,
    key: undefined,
    data: { ...example, settings: { ...example.settings, format } },
  };
  const path = join(folder, 'script.json');
  await writeFile(path, text);
  const input: FunctionInput<'pipeline.script.generated'> = {
    run: { id: 'r', owner: 'alice', title: script.title },
    delivery: { id: 'd', attempt: 1, key: undefined },
    one: (type) => ({ ...event, type }) as never,
    all: () => [event] as never,
  };
  const deps = {
    signal: new AbortController().signal,
    pictures,
    progress: () => undefined,
    fetch: async () => path,
    put: async (name: string, source: { bytes: Uint8Array }) => {
      const sha256 = createHash('sha256').update(source.bytes).digest('hex');
      return { name, key: `runs/r/d/1-x/${name}`, type: 'image/jpeg', bytes: source.bytes.length, sha256 };
    },
  } as unknown as Dependencies<'pictures'>;
  return definition.handle(input, deps);
}

describe('make-thumbnail', () => {
  it.each(['long', 'short', 'square'] as const)('publishes a thumbnail for %s', async (format) => {
    const put = (await run(format)).puts?.[0];
    const event = eventCatalogue['pipeline.thumbnail.created'].data.parse({
      ...put?.data,
      artifact: put?.artifact,
    });
    expect(event.artifact.name).toBe('thumbnail.jpg');
    expect(event.artifact.bytes).toBeGreaterThan(20_000);
    expect(event.artifact.bytes).toBeLessThan(2_000_000);
    expect(event.credits.join()).toContain('Inter');
  });

  it.each(['', '{', '[]', '{"scenes":[]}', '\u0000'])('refuses a script that is none: %j', async (text) => {
    await expect(run('long', text)).rejects.toMatchObject({ kind: 'permanent', code: 'script-invalid' });
  });
});
