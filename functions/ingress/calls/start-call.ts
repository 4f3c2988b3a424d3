import { createHash } from 'node:crypto';
import type { Principal } from '#shared/auth';
import { type Ledger, newRunId, type RunView, runIdFor } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import { canonicalHash } from '../request/canonical-hash.ts';
import { type SpokenChoices, settingsOf } from '../request/settings.ts';
import type { createBring } from './bring.ts';
import type { Call } from './call.ts';

export interface StartCallRequest {
  readonly call: Call;
  readonly body: unknown;
  readonly principal: Principal;
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string;
}

/** Turns a checked request of a call into a run. */
export type StartCall = (request: StartCallRequest) => Promise<{ run: RunView; created: boolean }>;

const types: Readonly<Record<string, string>> = { md: 'text/markdown', json: 'application/json' };

export function createStartCall({
  ledger,
  artifacts,
  choices,
  bring,
}: {
  ledger: Ledger;
  artifacts: ObjectStore;
  choices: SpokenChoices;
  bring: ReturnType<typeof createBring>;
}): StartCall {
  return async ({ call, body, principal, idempotencyKey, traceparent }) => {
    const { account } = principal;
    const operation = `POST ${call.path}`;
    const id =
      idempotencyKey === undefined
        ? newRunId()
        : runIdFor({ owner: account, operation, key: idempotencyKey });
    const made: string[] = [];
    try {
      const {
        title,
        events,
        flow = call.flow,
      } = await call.begin(body, {
        principal,
        settings: (asked) => settingsOf(asked, choices),
        async store(name, text) {
          const bytes = Buffer.from(text, 'utf8');
          const hash = createHash('sha256').update(bytes).digest('hex');
          const key = `runs/${id}/input/${hash.slice(0, 16)}/${name}`;
          const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
          const stored = await artifacts.put(key, bytes, { type });
          made.push(key);
          return { name, key, type, bytes: stored.bytes, sha256: stored.sha256 };
        },
        async bring(reference) {
          const brought = await bring({ ...reference, run: id, account });
          made.push(brought.key);
          return brought;
        },
      });
      const [event, ...also] = events;
      const { created } = await ledger.publish({
        run: { id, flow, owner: account, title, labels: {} },
        event,
        also,
        ...(idempotencyKey === undefined
          ? {}
          : { idempotency: { key: idempotencyKey, requestHash: canonicalHash(body) } }),
        traceparent,
      });
      const run = await ledger.getRun(id);
      if (run === undefined) throw new Error(`The run ${id} is gone right after it was published.`);
      return { run, created };
    } catch (error) {
      const there = await ledger.getRun(id).catch(() => 'unknown' as const);
      // What an earlier run with the same key reads stays; the sweep finds what is left where nobody can tell.
      const kept = there === undefined ? '' : JSON.stringify(there);
      if (there !== 'unknown') for (const key of made) if (!kept.includes(key)) await artifacts.remove(key);
      throw error;
    }
  };
}
