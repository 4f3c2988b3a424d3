import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { productPath } from '../../data-folder/index.ts';
import type { Terminal } from '../terminal.ts';
import type { VideoMetadata } from './api.ts';
import { copyProducts } from './copy-products.ts';
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

/** Says how long the video is, where it is shorter than asked for and why, how long each step took, and where the files are. */
export async function reportSuccess(request: {
  terminal: Terminal;
  view: PipelineView;
  metadata: VideoMetadata | undefined;
  dataDir: string;
  url: string;
  /** Put copies here. */
  out: string | undefined;
  seconds: number;
}): Promise<void> {
  const { terminal, view, metadata, dataDir, url, out, seconds } = request;
  terminal.say();
  const length = metadata === undefined ? '' : `: a video of ${duration(metadata.durationSeconds)}`;
  terminal.say(terminal.bold(`Done in ${duration(seconds)}${length}.`));
  if (metadata?.shortened !== undefined) terminal.say(metadata.shortened);
  for (const warning of metadata?.warnings ?? []) terminal.say(warning);
  terminal.say();
  for (const row of toRows({ view, now: new Date() })) {
    const parts = row.parts > 1 ? `  (${row.parts} parts)` : '';
    terminal.say(`  ${row.name.padEnd(16)} ${`${(row.seconds ?? 0).toFixed(1)} s`.padStart(8)}${parts}`);
  }
  terminal.say();
  const files = await productFiles({ view, dataDir });
  const copied = out === undefined ? undefined : await copyProducts({ files, out });
  if (copied !== undefined && copied.number > 1) {
    terminal.say(
      `${out} holds files with these names already; they stay, and the copies bear the number ${copied.number}.`,
    );
    terminal.say();
  }
  for (const { name, label } of products) {
    const path = copied?.copies.get(name) ?? files.find((file) => file.name === name)?.path;
    const place = path ?? addressOf({ view, url, name });
    if (place !== undefined) terminal.say(`  ${label.padEnd(10)} ${place}`);
  }
}

/** Those of the finished files that are on this machine. */
async function productFiles({ view, dataDir }: { view: PipelineView; dataDir: string }) {
  const files: { name: string; path: string }[] = [];
  for (const { name } of products) {
    const path = productPath({ dataDir, run: view.id, name });
    const isHere = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isHere) files.push({ name, path });
  }
  return files;
}

/** Where the file is elsewhere. */
function addressOf(request: { view: PipelineView; url: string; name: string }): string | undefined {
  const artifact = request.view.artifacts.find(({ name }) => name === request.name);
  return artifact === undefined ? undefined : new URL(artifact.href, request.url).href;
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
