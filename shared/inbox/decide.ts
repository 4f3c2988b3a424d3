import { MillraceError } from '#shared/errors';
import { CHECKS, isKey, type ObjectStore } from '#shared/storage';
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
    const note = noteOf(key);
    if (note === undefined) {
      log.warn({ key }, 'no note can be left beside it: with a note’s ending its name is no key');
      return;
    }
    await store
      .put(note, Buffer.from(`${key} was not taken: ${why}\n(${code})\n`))
      // A folder that is a link: the log has said it.
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
        const note = noteOf(key);
        if (note !== undefined) await store.remove(note);
      }
      return decided;
    },
  };
}

/** Our own: notes, uploads that are under way, and what a check of the store left. */
export function isOurs(key: string): boolean {
  return key.endsWith(NOTE) || key.startsWith(STAGING) || key.startsWith(CHECKS);
}

/** Where it says why an object was refused; undefined where its name leaves no room for a note's. */
export function noteOf(key: string): string | undefined {
  const note = `${key}${NOTE}`;
  return isKey(note) ? note : undefined;
}
