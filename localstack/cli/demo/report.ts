import { chmod, copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { productPath } from '../../data-folder/index.ts';
import type { Terminal } from '../terminal.ts';
import type { PipelineView } from './pipeline-view.ts';
import { toRows } from './rows.ts';

/** What people look for, in the order they look for it. */
const products = [
  { name: 'video.mp4', label: 'Video' },
  { name: 'thumbnail.jpg', label: 'Thumbnail' },
  { name: 'captions.srt', label: 'Captions' },
  { name: 'captions.vtt', label: '' },
  { name: 'metadata.json', label: 'Metadata' },
] as const;

/** Says how long each step took, and where the finished files are. */
export async function reportSuccess(request: {
  terminal: Terminal;
  view: PipelineView;
  dataDir: string;
  url: string;
  /** Put copies here. */
  out: string | undefined;
  seconds: number;
}): Promise<void> {
  const { terminal, view, dataDir, url, seconds } = request;
  terminal.say();
  terminal.say(terminal.bold(`Done in ${duration(seconds)}.`));
  terminal.say();
  for (const row of toRows({ view, now: new Date() })) {
    const parts = row.parts > 1 ? `  (${row.parts} parts)` : '';
    terminal.say(`  ${row.name.padEnd(16)} ${`${(row.seconds ?? 0).toFixed(1)} s`.padStart(8)}${parts}`);
  }
  terminal.say();
  const out = request.out === undefined ? undefined : resolve(request.out);
  if (out !== undefined) await mkdir(out, { recursive: true });
  for (const { name, label } of products) {
    const place = await placeOf({ view, dataDir, url, out, name });
    if (place !== undefined) terminal.say(`  ${label.padEnd(10)} ${place}`);
  }
}

/** The file's path on this machine, of its copy if one was asked for; its address where the file is elsewhere. */
async function placeOf(request: {
  view: PipelineView;
  dataDir: string;
  url: string;
  out: string | undefined;
  name: string;
}): Promise<string | undefined> {
  const { view, dataDir, url, out, name } = request;
  const path = productPath({ dataDir, run: view.id, name });
  const isHere = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isHere) {
    const artifact = view.artifacts.find((candidate) => candidate.name === name);
    return artifact === undefined ? undefined : new URL(artifact.href, url).href;
  }
  if (out === undefined) return path;
  const copy = join(out, name);
  // Products are read-only; the copy is its owner's to change, and to replace next time.
  await rm(copy, { force: true });
  await copyFile(path, copy);
  await chmod(copy, 0o644);
  return copy;
}

/** Says which step failed, why, and how to go on. */
export function reportFailure(request: {
  terminal: Terminal;
  view: PipelineView;
  dataDir: string;
  /** Where the platform goes on running; undefined when it ends with this command. */
  url: string | undefined;
  port: number;
}): void {
  const { terminal, view, dataDir, port, url = `http://127.0.0.1:${port}` } = request;
  const failed = view.steps.filter((step) => step.status === 'failed');
  terminal.complain('');
  terminal.complain(`The video was not finished (pipeline ${view.id}).`);
  for (const step of failed) {
    const part = step.part ? ` (${step.part})` : '';
    terminal.complain(`  ${step.name}${part}: ${step.error?.message ?? 'failed without a reason'}`);
  }
  for (const { step, parts } of view.failure?.missing ?? []) {
    terminal.complain(`  ${step}: waits for ${parts.join(', ')}, which did not come`);
  }
  const first = failed[0];
  if (first === undefined) return;
  const next = request.url === undefined ? 'run "npm start", then' : 'then run';
  terminal.complain('');
  terminal.complain(`What was made so far is kept in ${dataDir}.`);
  terminal.complain(`To go on from "${first.name}", correct the cause, ${next}`);
  terminal.complain(
    `  curl -X POST ${url}/orchestrator/retry/${view.id}/${first.name} \\\n` +
      `    -H "Authorization: Bearer $(cat '${join(dataDir, 'token')}')"`,
  );
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
