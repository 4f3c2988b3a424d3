import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { readTopology } from '#shared/topology';
import { root } from '../command.ts';
import { createTracer } from './contents.ts';

const { functions } = readTopology({ path: join(root, 'events.yaml') });
const entries = [
  ...functions.map(({ area, name }) => `functions/${area}/${name}/function.ts`),
  'shared/deployment/index.ts',
  'shared/media/index.ts',
];

/** The modules of ours that a bundler keeps, as `npm run bundle` lets it. */
async function bundled(entry: string): Promise<readonly string[]> {
  const bundle = await rolldown({
    input: join(root, entry),
    cwd: root,
    platform: 'node',
    external: (name) => !/^[.#/]/.test(name),
    treeshake: { moduleSideEffects: false },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.entries(chunk.modules) : []));
  return modules
    .filter(([id, { renderedLength }]) => renderedLength > 0 && id.startsWith(root))
    .map(([id]) => relative(root, id));
}

describe('what an image holds', () => {
  const tracer = createTracer(root);

  it.each(entries)('%s: nothing that the bundler keeps is overlooked', async (entry) => {
    const { files } = tracer.contentsOf([entry]);
    const kept = await bundled(entry);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((path) => !files.has(path))).toEqual([]);
  });

  it('place-video holds no picture, no voice and no FFmpeg', () => {
    const { files } = tracer.contentsOf(['functions/video/place-video/function.ts']);
    expect([...files].filter((path) => /^shared\/(images|speech|media)\//.test(path))).toEqual([]);
  });
});
