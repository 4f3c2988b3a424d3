import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Benchmark, Measurement } from './benchmark.ts';
import { report, writeReport } from './table.ts';

/** Benchmarks by what they are about; each is the file of its name. */
const groups: Readonly<Record<string, readonly string[]>> = {
  kernel: ['throughput', 'latency', 'restart', 'claim', 'cold-start', 'host', 'command', 'idle'],
  video: ['start', 'render', 'demo'],
  aws: ['put-to-start', 'wake-ups', 'transfer'],
  people: ['command-by-http', 'feed', 'realtime'],
};
const all = Object.values(groups).flat();

/**
 * `npm run bench [-- <benchmark or group> … --full --write]`: measures and prints a table for each group; `--write` puts
 * those of whole groups into docs/performance.md. Small sizes unless `--full`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
});
const asked = new Set(positionals.length > 0 ? positionals.flatMap((name) => groups[name] ?? [name]) : all);
const unknown = [...asked].find((name) => !all.includes(name));
if (unknown !== undefined)
  throw new Error(
    `There is no benchmark "${unknown}"; there are ${[...Object.keys(groups), ...all].join(', ')}.`,
  );
process.exitCode = 0;

for (const [group, members] of Object.entries(groups)) {
  const chosen = members.filter((name) => asked.has(name));
  if (chosen.length === 0) continue;
  const sections = [];
  for (const name of chosen) sections.push({ name, measured: await run(name) });
  const text = await report(sections, `npm run bench -- ${group}${values.full ? ' --full' : ''}`);
  process.stdout.write(`\n${text}\n\n`);
  if (values.write && chosen.length === members.length) await writeReport(group, text);
  else if (values.write)
    process.stdout.write(`Not written: ${group} is ${members.join(', ')}, and all are needed.\n`);
  if (sections.some(({ measured }) => measured.some(({ isMet }) => !isMet))) process.exitCode = 1;
}

async function run(name: string): Promise<readonly Measurement[]> {
  const started = performance.now();
  process.stdout.write(`${name} … `);
  const { default: benchmark }: { default: Benchmark } = await import(`./${name}.ts`);
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  try {
    return await benchmark.run({ scratch, full: values.full });
  } finally {
    await rm(scratch, { recursive: true, force: true });
    process.stdout.write(`${Math.round((performance.now() - started) / 1_000)} s\n`);
  }
}
