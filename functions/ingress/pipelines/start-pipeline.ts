import { createHash } from 'node:crypto';
import { eventCatalogue } from '#shared/events';
import { type Ledger, newRunId, type RunView, runIdFor } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import { canonicalHash } from '../request/canonical-hash.ts';
import { listedTitle } from '../request/listed-title.ts';
import { type SpokenChoices, settingsOf } from '../request/settings.ts';
import type { PipelineRequest } from '../schemas/pipeline-request.ts';
import { MAX_SCRIPT_BYTES } from '../schemas/words.ts';
import { VIDEO_FLOW } from './flow-steps.ts';

export interface StartRequest {
  readonly account: string;
  readonly body: PipelineRequest;
  /** What the key is good for: the same key in two operations is two keys. */
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string;
}

/** Turns a checked request into a run. */
export type StartPipeline = (request: StartRequest) => Promise<{ run: RunView; created: boolean }>;

export function createStartPipeline({
  ledger,
  artifacts,
  choices,
}: {
  ledger: Ledger;
  artifacts: ObjectStore;
  choices: SpokenChoices;
}): StartPipeline {
  return async ({ account, body, operation, idempotencyKey, traceparent }) => {
    const settings = await settingsOf(body, choices);
    const id =
      idempotencyKey === undefined
        ? newRunId()
        : runIdFor({ owner: account, operation, key: idempotencyKey });
    const script = body.script === undefined ? undefined : await storeScript(artifacts, id, body.script);
    const source = script === undefined ? { topic: body.topic } : { script };
    const data = eventCatalogue['pipeline.started'].data.parse({ settings, ...source });
    let created = false;
    try {
      const published = await ledger.publish({
        run: { id, flow: VIDEO_FLOW, owner: account, title: listedTitle(body), labels: body.labels ?? {} },
        event: { type: 'pipeline.started', data },
        ...(idempotencyKey === undefined
          ? {}
          : { idempotency: { key: idempotencyKey, requestHash: canonicalHash(body) } }),
        traceparent,
      });
      created = published.created;
    } catch (error) {
      if (script !== undefined) await removeUnused({ ledger, artifacts, run: id, key: script.key });
      throw error;
    }
    const run = await ledger.getRun(id);
    if (run === undefined) throw new Error(`The run ${id} is gone right after it was published.`);
    return { run, created };
  };
}

/** Its key holds its hash: a second request with the same Idempotency-Key can replace nothing of the first. */
async function storeScript(artifacts: ObjectStore, run: string, text: string) {
  const bytes = Buffer.from(text, 'utf8');
  const hash = createHash('sha256').update(bytes).digest('hex');
  const key = `runs/${run}/input/${hash.slice(0, 16)}/script.md`;
  const type = 'text/markdown';
  const stored = await artifacts.put(key, bytes, { type, maxBytes: MAX_SCRIPT_BYTES });
  return { name: 'script.md', key, type, bytes: stored.bytes, sha256: stored.sha256 };
}

/** Unless a run (this one after all, or an earlier one with the same key) reads the script, it goes again. */
async function removeUnused({
  ledger,
  artifacts,
  run,
  key,
}: {
  ledger: Ledger;
  artifacts: ObjectStore;
  run: string;
  key: string;
}): Promise<void> {
  try {
    const there = await ledger.getRun(run);
    if (JSON.stringify(there?.input ?? null).includes(key)) return;
    await artifacts.remove(key);
  } catch {
    // Whether the run exists cannot be known now. The sweep removes the script if nothing ever names it.
  }
}
