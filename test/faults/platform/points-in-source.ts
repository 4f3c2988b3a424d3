import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder } from '../../end-to-end/product.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folders = ['shared', 'functions', 'localstack'];
const NAMED_POINT = /\breach\(\s*['"`](?<point>[^'"`]+)['"`]\s*\)/g;

/** Every NAMED_POINT point that stands in the code of the product, with the files in which it stands. */
export async function pointsInSource(): Promise<ReadonlyMap<string, readonly string[]>> {
  const points = new Map<string, string[]>();
  for (const folder of folders) {
    for (const file of await filesUnder(join(root, folder))) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      const text = await readFile(join(root, folder, file), 'utf8');
      for (const { groups } of text.matchAll(NAMED_POINT)) {
        const point = groups?.['point'] ?? '';
        points.set(point, [...(points.get(point) ?? []), `${folder}/${file}`]);
      }
    }
  }
  return points;
}
