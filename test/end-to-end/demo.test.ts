import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_ACCOUNT } from '../../localstack/data-folder/index.ts';
import { startMillrace } from '../hygiene/run-millrace.ts';
import { VIDEO_LIMIT_MS } from './pipelines.ts';
import { type Product, startProduct } from './product.ts';

const interrupted = { script: '# Left alone\n\nThis one waits for somebody to come back.', size: '320x180' };
let product: Product;
let out = '';
let notes = '';

/** A data folder that its platform left with a video under way. */
beforeAll(async () => {
  product = await startProduct();
  out = join(product.dataDir, 'copies');
  notes = join(product.dataDir, 'notes.md');
  await writeFile(notes, '# Two hearts\n\nA short note has little to say.');
  const answer = await product.ask('/api/pipelines', {
    as: LOCAL_ACCOUNT,
    method: 'POST',
    body: interrupted,
  });
  expect(answer.status).toBe(202);
  await product.stop();
}, 120_000);
afterAll(() => product?.remove());

const demo = () =>
  startMillrace({
    words: ['demo', '--script', notes, '--size', '320x180', '--seconds', '30', '--out', out],
    environment: { DATA_DIR: product.dataDir },
  }).ended;

describe('the demo', () => {
  it(
    'says what was interrupted, how long the video is and why it is short, and replaces no copy',
    async () => {
      const first = await demo();
      expect(first.err).toBe('');
      expect(first.code).toBe(0);
      expect(first.out).toMatch(
        /a video that was interrupted; it goes on first:\n {2}"Left alone", pipeline \S+\n/,
      );
      expect(first.out).toMatch(
        /Done in [\d.]+ s: a video of [\d.]+ s\.\nThe text holds enough for about \d+ of the 30 seconds/,
      );
      const plain = (await readdir(out)).sort();
      expect(plain).toContain('video.mp4');

      const second = await demo();
      expect(second.code).toBe(0);
      expect(second.out).not.toContain('interrupted');
      expect(second.out).toContain(
        `${out} holds files with these names already; they stay, and the copies bear the number 2.`,
      );
      expect(second.out).toContain(join(out, 'video-2.mp4'));
      expect(await readdir(out)).toHaveLength(plain.length * 2);
    },
    VIDEO_LIMIT_MS * 3,
  );
});
