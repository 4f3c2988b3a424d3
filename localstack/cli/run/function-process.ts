/** The process of `millrace run`: one function, once, on real ports, without ledger and platform. */
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Cancelled, type Failure, Transient, toFailure } from '#shared/errors';
import type { FunctionLog } from '#shared/function';
import { publicationOf, runFunction } from '#shared/host';
import { createPorts } from '#shared/ports';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { loadFunction } from '../../embedded/load-functions.ts';
import { bringArtifacts } from './given-artifacts.ts';
import { mapObjects } from './map-objects.ts';
import type { FromFunction, FunctionResult, FunctionTask, ToFunction } from './messages.ts';

const ALONE = 'alone';

async function work(task: FunctionTask, signal: AbortSignal): Promise<FunctionResult> {
  const { fn, scratch, artifacts } = task;
  const store = await createFilesystemStore({ root: join(scratch, 'objects') });
  const given = await bringArtifacts({ events: task.events, store, artifacts });
  const definition = await loadFunction(fn);
  const { outcome } = await runFunction({
    definition,
    claim: {
      ...{ id: ALONE, run: ALONE, title: task.title, owner: 'me', function: fn.name, key: task.key ?? null },
      ...{ attempts: 0, lost: 0, fence: '1', host: ALONE, timeoutMs: task.timeoutMs },
      events: given.events.map(({ type, key, data }, index) => ({
        ...{ id: `${ALONE}-${index}`, type, key: key ?? null, data, traceparent: null },
      })),
    },
    store,
    ports: await createPorts({ settings: task.ports, functions: [definition], platform: undefined }),
    clock: { now: () => new Date() },
    random: { next: () => Math.random() },
    log,
    workRoot: join(scratch, 'work'),
    signal,
    onProgress: (fraction, message) => tell({ kind: 'progress', fraction, message }),
  });
  const publication = publicationOf(outcome, fn, task.key);
  const made = [...publication.artifacts, ...(await placedIn(store))];
  const files = task.out === undefined ? new Map(given.files) : await keep(made, { store, out: task.out });
  for (const [key, path] of given.files) files.set(key, path);
  return {
    events: publication.events.map(({ type, key, data }) => ({ type, key, data: withFiles(data, files) })),
    files: made.map(({ name, bytes }) => ({ name, bytes })),
    reply: outcome.reply,
    hasWrite: outcome.write !== undefined,
  };
}

interface Made {
  readonly name: string;
  readonly key: string;
  readonly bytes: number;
}

/** What the function placed under plain paths for people. */
async function placedIn(store: ObjectStore): Promise<readonly Made[]> {
  const { objects } = await store.list(`output/${ALONE}/`);
  return objects.map(({ key, bytes }) => ({ key, bytes, name: basename(key) }));
}

async function keep(
  made: readonly Made[],
  { store, out }: { store: ObjectStore; out: string },
): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  await mkdir(out, { recursive: true });
  for (const { key, name } of made) {
    const path = join(out, name);
    const from = store.localPath?.(key);
    if (from === undefined) continue;
    // Objects are read-only, and so would be the file of the last run, in the way of this one's.
    await rm(path, { force: true });
    await copyFile(from, path);
    await chmod(path, 0o644);
    kept.set(key, path);
  }
  return kept;
}

/** Artifacts that are files of the caller's are named so, so that the answer can be given to the next function. */
const withFiles = (data: unknown, files: ReadonlyMap<string, string>): unknown =>
  mapObjects(data, ({ key, sha256 }) => {
    const file = typeof key === 'string' && typeof sha256 === 'string' ? files.get(key) : undefined;
    return file === undefined ? undefined : { file };
  });

const log: FunctionLog = {
  info: (fields, message) => say('info', fields, message),
  warn: (fields, message) => say('warn', fields, message),
};

function say(level: string, fields: Readonly<Record<string, unknown>>, message: string): void {
  const details = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
  process.stderr.write(`${level}: ${message}${details}\n`);
}

function tell(message: FromFunction): void {
  process.send?.(message);
}

function toError({ kind, code, message }: Failure): Error {
  return kind === 'cancelled' ? new Cancelled(code, message) : new Transient(code, message);
}

const abort = new AbortController();

process.on('message', (message: ToFunction) => {
  if (message.kind === 'abort') {
    abort.abort(toError(message.failure));
    return;
  }
  work(message.task, abort.signal)
    .then(
      (result) => tell({ kind: 'done', result }),
      (error: unknown) => {
        const failure = toFailure(error);
        const stack = failure.code === 'unexpected' && error instanceof Error ? error.stack : undefined;
        tell({ kind: 'failed', failure, stack });
      },
    )
    .finally(() => process.disconnect());
});
// Ctrl-C reaches the whole process group; the command line says when to stop, and ends what does not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => abort.abort(new Cancelled('cancelled', 'The command line has ended.')));
