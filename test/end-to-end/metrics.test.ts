import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMillrace } from '../hygiene/run-millrace.ts';
import { type Product, startProduct } from './product.ts';

let product: Product;
let authorization = '';

beforeAll(async () => {
  product = await startProduct();
  const { out } = await startMillrace({
    words: ['token', '--owner', 'prometheus', '--role', 'admin'],
    environment: { DATA_DIR: product.dataDir },
  }).ended;
  authorization = `Bearer ${out.trim()}`;
}, 120_000);
afterAll(() => product?.remove());

const scrape = async (): Promise<readonly string[]> => {
  const answer = await fetch(new URL('/metrics', product.url), { headers: { authorization } });
  expect(answer.status).toBe(200);
  return (await answer.text()).split('\n');
};

describe('the metrics of a platform in one process', () => {
  it('tell of the ledger once, from its scheduler, beside what the process tells of itself', async () => {
    const lines = await scrape();
    const families = lines.filter((line) => line.startsWith('# TYPE '));
    expect(new Set(families).size).toBe(families.length);
    expect(lines.filter((line) => line.startsWith('millrace_ledger_up'))).toEqual([
      'millrace_ledger_up{service="scheduler"} 1',
    ]);
    expect(lines.filter((line) => /^millrace_ledger_due\{.*render-tts/.test(line))).toEqual([
      'millrace_ledger_due{function="render-tts",service="scheduler"} 0',
    ]);
    expect(lines).toContain('millrace_runs_total{flow="video",state="completed",service="scheduler"} 0');
    expect(lines).toContain('millrace_ledger_jobs_active{function="render-scene",service="scheduler"} 0');
    expect(lines.filter((line) => line.startsWith('process_cpu_seconds_total'))).toEqual([
      expect.stringContaining('service="ingress"'),
    ]);
  });

  it('are answered to any number of scrapers at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, scrape));
    for (const lines of all) expect(lines).toContain('millrace_ledger_up{service="scheduler"} 1');
  });
});
