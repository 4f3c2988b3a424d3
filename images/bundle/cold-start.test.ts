import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTopology } from '#shared/topology';
import { buildBundle, compileOnce, measureStarts } from './index.ts';

/** About twice is usual; the rest is room for a machine that does much else. */
const MOST = 4;
const ROUNDS = 7;
const SERIES = 3;

let folder: string;
let main: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-start-'));
  const topology = readTopology({ path: fileURLToPath(new URL('../../events.yaml', import.meta.url)) });
  ({ main } = await buildBundle({ name: 'place-video', topology, folder: join(folder, 'place-video') }));
  await compileOnce(main);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a bundle of the profile light answers within four times what the least server takes', async () => {
  // A machine that is busy for a moment has another try: a bundle that is slow is slow each time.
  let best = Number.POSITIVE_INFINITY;
  for (let series = 0; series < SERIES && best > MOST; series += 1)
    best = Math.min(best, (await measureStarts({ main, rounds: ROUNDS })).ratio);
  expect(best).toBeLessThanOrEqual(MOST);
}, 300_000);

it('one that does not start is said', async () => {
  const nowhere = join(folder, 'nowhere.cjs');
  await expect(measureStarts({ main: nowhere, rounds: 1 })).rejects.toThrow('It did not start');
});
