import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { embeddedPostgresVersion } from '#shared/database';
import type { Measurement } from './benchmark.ts';

const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const project = fileURLToPath(new URL('..', import.meta.url));

/** One benchmark's measurements, under its name. */
export interface Section {
  readonly name: string;
  readonly measured: readonly Measurement[];
}

/** The measurements, and on what, with what and by which command they were made. */
export async function report(sections: readonly Section[], command: string): Promise<string> {
  const rows = sections.flatMap(({ name, measured }) => [
    `| **${name}** | | | |`,
    ...measured.map(({ what, value, goal, isMet }) => {
      const verdict = goal === '' ? '' : isMet ? 'met' : '**missed**';
      return `| ${what} | ${value} | ${goal || '–'} | ${verdict} |`;
    }),
  ]);
  const table = ['| what | measured | goal | |', '|---|---|---|---|', ...rows].join('\n');
  return `${table}\n\n${await circumstances()}: \`${command}\`.`;
}

/** Puts a group's report where its last one stood in docs/performance.md. @throws Error where that has no place */
export async function writeReport(group: string, text: string): Promise<void> {
  const before = await readFile(page, 'utf8');
  const [begin, end] = [`<!-- bench: ${group} -->`, `<!-- end of bench: ${group} -->`];
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md needs the lines "${begin}" and "${end}".`);
  await writeFile(page, `${before.slice(0, from)}${begin}\n${text}\n${before.slice(to)}`);
}

async function circumstances(): Promise<string> {
  const processors = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const versions = `Node ${process.versions.node}, Postgres ${await embeddedPostgresVersion()} (fsync, synchronous_commit on)`;
  const commit = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: project }).then(
    ({ stdout }) => `, at ${stdout.trim()}`,
    () => '',
  );
  return `${processors}, ${memory}; ${versions}; ${new Date().toISOString().slice(0, 10)}${commit}`;
}
