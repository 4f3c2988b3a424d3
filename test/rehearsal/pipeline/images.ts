import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Topology } from '#shared/topology';
import { buildBundle, buildPlatform } from '../../../images/bundle/index.ts';
import type { Command } from '../data-plane/process.ts';

/** What the manifests call images: the bundles, of this working tree. */
export interface Images {
  /** What a container of an image starts. */
  command(image: string, args: readonly string[]): Command;
  remove(): Promise<void>;
}

/**
 * Bundles every function and the platform into a folder of their own; or takes those that MILLRACE_IMAGES names, which
 * `npm run bundle` has made.
 */
export async function buildImages(topology: Topology): Promise<Images> {
  const given = process.env.MILLRACE_IMAGES;
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'millrace-rehearsed-')));
  const remove = async (): Promise<void> => {
    if (given === undefined) await rm(folder, { recursive: true, force: true });
  };
  if (given === undefined)
    await build(topology, folder).catch(async (error) => {
      await remove();
      throw error;
    });
  const names = new Set([...topology.functions.map(({ name }) => name), 'platform']);
  return {
    remove,
    command(image, args) {
      if (!names.has(image))
        throw new Error(`The manifests name an image "${image}", of which there is no bundle.`);
      return { words: [process.execPath, join(folder, image, 'main.cjs'), ...args], folder: tmpdir() };
    },
  };
}

/** One at a time: each takes as much processor as there is. */
async function build(topology: Topology, folder: string): Promise<void> {
  for (const { name } of topology.functions)
    await buildBundle({ name, topology, folder: join(folder, name) });
  await buildPlatform({ folder: join(folder, 'platform') });
}
