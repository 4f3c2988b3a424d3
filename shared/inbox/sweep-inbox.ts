import type { Pool } from 'pg';
import { MillraceError } from '#shared/errors';
import type { Clock } from '#shared/function';
import type { Ledger } from '#shared/ledger';
import type { ObjectInfo, ObjectStore } from '#shared/storage';
import type { Log } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import { createDecision, isOurs, noteOf } from './decide.ts';
import type { DropOwners } from './erase.ts';
import { createNotice } from './notice.ts';
import { PAGE_SIZE, UNFINISHED_MS } from './sweep.ts';
import { createMatcher } from './template.ts';
import { STAGING } from './upload-record.ts';
import { createUploads } from './uploads.ts';

const BUCKET = 'inbox';
/** Objects that are read side by side. */
const WIDTH = 4;
/** As the watch of a folder: what changed so lately may not be whole, in milliseconds. */
const REST_MS = 2_000;

/** An object that nothing had noticed, and what became of it; `run` and `code` as far as something did. */
export interface Overlooked {
  readonly key: string;
  readonly kind: 'started' | 'refused' | 'new';
  readonly run?: string;
  readonly code?: string;
}

/** An object or upload that could not be looked at now, and why. */
export interface NotLookedAt {
  readonly key: string;
  readonly code: string;
  readonly why: string;
}

/** What one round found. */
export interface InboxRound {
  readonly looked: number;
  readonly overlooked: readonly Overlooked[];
  readonly failed: readonly NotLookedAt[];
  /** Uploads past their time. */
  readonly expired: number;
  /** What senders that died left half-sent. */
  readonly unfinished: number;
}

/**
 * One round of the whole inbox, now: what no notice told of becomes a run, as if it had been told of; what nobody will
 * complete goes. In a dry run nothing is done. It may run beside a platform: whoever is first, a file is one run.
 */
export async function sweepInbox(options: {
  store: ObjectStore;
  artifacts: ObjectStore;
  topology: Topology;
  ledger: Pick<Ledger, 'publish'>;
  pool: Pool;
  drops: DropOwners;
  mode: 'repair' | 'dry-run';
  log: Log;
  clock: Clock;
}): Promise<InboxRound> {
  const { store, artifacts, topology, ledger, pool, drops, mode, log, clock } = options;
  const templates = topology.buckets?.[BUCKET] ?? {};
  const match = createMatcher(templates);
  const notice = createNotice({
    ...{ bucket: BUCKET, store, artifacts, ledger, pool, match },
    account: drops.owner,
    owners: drops.owners,
  });
  const decision = createDecision({ store, notice, match, templates: Object.keys(templates), log });
  const uploads = createUploads({ store, artifacts, clock, scripts: 'aside' });
  const overlooked: Overlooked[] = [];
  const failed: NotLookedAt[] = [];
  const staged = new Set<string>();
  let looked = 0;

  async function look(object: ObjectInfo): Promise<void> {
    const { key } = object;
    if (store.localPath !== undefined && clock.now().getTime() - object.modifiedAt.getTime() < REST_MS)
      return;
    // A note that is younger than the object has said it already.
    const name = noteOf(key);
    const note = name === undefined ? undefined : await store.head(name);
    if (note !== undefined && note.modifiedAt >= object.modifiedAt) return;
    const found = await (mode === 'repair' ? decision.decide(key) : decision.foresee(key));
    if (found.kind === 'refused') overlooked.push({ key, kind: 'refused', code: found.code });
    if (found.kind === 'started') overlooked.push({ key, kind: 'started', run: found.run });
    if (found.kind === 'new') overlooked.push({ key, kind: 'new' });
  }

  /** One that cannot be read does not keep the others waiting. */
  async function attempt(key: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      failed.push({ key, code: error.code, why: error.message });
    }
  }

  for (let after: string | undefined; ; ) {
    const page = await store.list('', { limit: PAGE_SIZE, ...(after === undefined ? {} : { after }) });
    looked += page.objects.length;
    for (const { key } of page.objects) {
      if (key.startsWith(STAGING)) staged.add(key.slice(STAGING.length).split('/')[0] ?? '');
    }
    const waiting = page.objects.filter(({ key }) => !isOurs(key)).values();
    const turns = async (): Promise<void> => {
      for (const object of waiting) await attempt(object.key, () => look(object));
    };
    await Promise.all(Array.from({ length: WIDTH }, turns));
    if (page.next === undefined) break;
    after = page.next;
  }
  let expired = 0;
  for (const id of staged) {
    await attempt(`${STAGING}${id}`, async () => {
      if (await uploads.expire(id, mode === 'repair' ? 'remove' : 'dry-run')) expired += 1;
    });
  }
  const unfinished = await store.removeUnfinished({
    olderThanMs: UNFINISHED_MS,
    mode: mode === 'repair' ? 'remove' : 'count',
  });
  return { looked, overlooked, failed, expired, unfinished };
}
