import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Benchmark, Measurement } from './benchmark.ts';

const all = ['start', 'kernel', 'render', 'demo', 'claim'];
const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url));

/** `npm run bench [start] [kernel] [render] [demo] [claim] [-- --write --full]`: measures, prints one table, writes it where asked. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
});

const measured: Measurement[] = [];
for (const name of positionals.length > 0 ? positionals : all) {
  if (!all.includes(name)) throw new Error(`There is no benchmark "${name}"; there are ${all.join(', ')}.`);
  process.stdout.write(`${name} …\n`);
  const { default: benchmark }: { default: Benchmark } = await import(`./${name}.ts`);
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  try {
    measured.push(...(await benchmark.run({ scratch, full: values.full })));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const table = [
  '| what | measured | goal | |',
  '|---|---|---|---|',
  ...measured.map(({ what, value, goal, isMet }) => {
    const verdict = isMet ? 'met' : 'missed';
    return `| ${what} | ${value} | ${goal || '–'} | ${goal === '' ? '' : verdict} |`;
  }),
].join('\n');
const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
const report = `${table}\n\nOn ${machine}, ${new Date().toISOString().slice(0, 10)}.`;
process.stdout.write(`\n${report}\n`);
if (values.write) await writeInto(page, report);
process.exitCode = measured.every(({ isMet }) => isMet) ? 0 : 1;

async function writeInto(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8');
  const after = before.replace(/(<!-- bench:.*-->)[\s\S]*(<!-- end of bench -->)/, `$1\n${text}\n$2`);
  await writeFile(path, after);
}
