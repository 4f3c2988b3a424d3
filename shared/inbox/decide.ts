import { MillraceError } from '#shared/errors';
import type { ObjectStore } from '#shared/storage';
import type { Log } from '#shared/telemetry';
import type { Notice, Noticed } from './notice.ts';
import type { Match } from './template.ts';
import { STAGING } from './upload-record.ts';

const NOTE = '.refused.txt';

export type Decided = Noticed | { readonly kind: 'refused'; readonly code: string };

/** What becomes of an object of the inbox: a run, or a note beside it that says why not. */
export interface Decision {
  /** @throws what passes (ledger or store are away): it is decided later */
  decide(key: string): Promise<Decided>;
  /** What it would come to; nothing is done. */
  foresee(key: string): Promise<Decided | { readonly kind: 'new' }>;
  refuse(key: string, code: string, why: string): Promise<void>;
}

export function createDecision(options: {
  store: ObjectStore;
  notice: Notice;
  match: (key: string) => Match | undefined;
  templates: readonly string[];
  log: Log;
}): Decision {
  const { store, notice, match, templates, log } = options;

  async function refuse(key: string, code: string, why: string): Promise<void> {
    log.warn({ key, code }, `the inbox refuses a file: ${why}`);
    await store
      .put(noteOf(key), Buffer.from(`${key} was not taken: ${why}\n(${code})\n`))
      // A folder that is a link, a name that is too long: the log has said it.
      .catch((error: unknown) => log.warn({ error, key }, 'no note could be left beside it'));
  }

  /** The outcome, or the reason why it cannot be taken. */
  async function judged<Outcome>(
    key: string,
    ask: () => Promise<Outcome>,
  ): Promise<Outcome | { readonly kind: 'refused'; readonly code: string; readonly why: string }> {
    if (match(key) === undefined) {
      const why = `its name fits none of ${templates.join(', ')}.`;
      return { kind: 'refused', code: 'inbox-unmatched', why };
    }
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MillraceError) || error.kind !== 'permanent') throw error;
      return { kind: 'refused', code: error.code, why: error.message };
    }
  }

  return {
    refuse,
    foresee: (key) => judged(key, () => notice.inspect(key)),
    async decide(key) {
      const decided = await judged(key, () => notice.take(key));
      if (decided.kind === 'refused') await refuse(key, decided.code, decided.why);
      if (decided.kind === 'started') {
        log.info({ key, run: decided.run }, 'a file in the inbox started a run');
        await store.remove(noteOf(key));
      }
      return decided;
    },
  };
}

/** Our own: notes, and uploads that are under way. */
export function isOurs(key: string): boolean {
  return key.endsWith(NOTE) || key.startsWith(STAGING);
}

/** Where it says why an object was refused. */
export function noteOf(key: string): string {
  return `${key}${NOTE}`;
}
