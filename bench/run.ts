import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { report, type Section, writeReport } from './table.ts';

/** Benchmarks by what they are about; each is the file of its name. */
const groups: Readonly<Record<string, readonly string[]>> = {
  kernel: ['throughput', 'latency', 'restart', 'claim', 'cold-start', 'host', 'command', 'idle'],
  video: ['start', 'render', 'demo'],
};
const all = Object.values(groups).flat();

/**
 * `npm run bench [-- <benchmark or group> … --full --write]`: measures, prints one table, writes it into
 * docs/performance.md where asked. Small sizes unless `--full`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
});
const asked = positionals.length > 0 ? positionals.flatMap((name) => groups[name] ?? [name]) : all;
const unknown = asked.find((name) => !all.includes(name));
if (unknown !== undefined)
  throw new Error(
    `There is no benchmark "${unknown}"; there are ${[...Object.keys(groups), ...all].join(', ')}.`,
  );

const sections: Section[] = [];
for (const name of asked) {
  const started = performance.now();
  process.stdout.write(`${name} … `);
  const { default: benchmark }: { default: Benchmark } = await import(`./${name}.ts`);
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  try {
    sections.push({ name, measured: await benchmark.run({ scratch, full: values.full }) });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  process.stdout.write(`${Math.round((performance.now() - started) / 1_000)} s\n`);
}

const text = await report(sections, ['npm run bench', ...commandWords()].join(' '));
process.stdout.write(`\n${text}\n`);
if (values.write) await writeReport(text);
process.exitCode = sections.every(({ measured }) => measured.every(({ isMet }) => isMet)) ? 0 : 1;

function commandWords(): readonly string[] {
  const words = [...positionals, ...(values.full ? ['--full'] : []), ...(values.write ? ['--write'] : [])];
  return words.length > 0 ? ['--', ...words] : [];
}
