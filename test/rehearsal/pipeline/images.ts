import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Topology } from '#shared/topology';
import { buildBundle } from '../../../images/bundle/index.ts';
import type { Command } from '../data-plane/process.ts';

const platform = fileURLToPath(new URL('../../../platform/main.ts', import.meta.url));

/** What the manifests call images: the bundles, of this working tree. */
export interface Images {
  /** What a container of an image starts. */
  command(image: string, args: readonly string[]): Command;
  remove(): Promise<void>;
}

/**
 * Bundles every function into a folder of its own; or takes those that MILLRACE_IMAGES names, which
 * `npm run bundle` has made.
 */
export async function buildImages(topology: Topology): Promise<Images> {
  const given = process.env.MILLRACE_IMAGES;
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'millrace-images-')));
  if (given === undefined) {
    // One at a time: each takes as much processor as there is.
    for (const { name } of topology.functions)
      await buildBundle({ name, topology, folder: join(folder, name) });
  }
  return {
    command: (image, args) => ({
      words: [process.execPath, image === 'platform' ? platform : join(folder, image, 'main.cjs'), ...args],
      folder: tmpdir(),
    }),
    async remove() {
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
