import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPeopleErasure } from '#shared/erasure';
import { eventCatalogue } from '#shared/events';
import type { FunctionInput, ReceivedEvent } from '#shared/function';
import { eraseFromInbox } from '#shared/inbox';
import { createLedgerRetention, SCHEDULE_OWNER } from '#shared/ledger';
import { createUpkeep, type Upkeep } from '#shared/retention';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { readTopology } from '#shared/topology';
import { createLedgerFixture, type LedgerFixture } from '../../../../test/ledger-fixture.ts';
import definition from '../function.ts';

export const topology = readTopology({
  path: fileURLToPath(new URL('../../../../events.yaml', import.meta.url)),
});
const DAY_MS = 86_400_000;

/** What is kept, and for how long. */
interface Rules {
  readonly keepRunsDays?: number;
  /** How many days ahead it is looked from. */
  readonly days?: number;
  readonly store?: ObjectStore;
  readonly pages?: number;
}

/** A ledger, a store and an inbox of which things are removed. */
export interface Installation {
  readonly fixture: LedgerFixture;
  readonly store: ObjectStore;
  readonly folder: string;
  /** What the installation removes, as seen eight days ahead unless told otherwise. */
  upkeep(rules?: Rules): Upkeep;
  /** Calls the handler on a tick; `stepMs` is what its clock moves with each look. */
  work(retention: Upkeep, options?: { signal?: AbortSignal; stepMs?: number }): Promise<unknown>;
  /** Cancelled at once, as settled as any other; with a product and a leftover. */
  settledRun(owner?: string): Promise<{ run: string; product: string; leftover: string }>;
  /** Which of the keys the store has. */
  holds(...keys: string[]): Promise<boolean[]>;
  close(): Promise<void>;
}

export async function openInstallation(): Promise<Installation> {
  const fixture = await createLedgerFixture(topology);
  const folder = await mkdtemp(join(tmpdir(), 'expire-runs-'));
  const store = await createFilesystemStore({ root: join(folder, 'objects') });
  return {
    ...{ fixture, store, folder },
    upkeep({ keepRunsDays, days = 8, store: other = store, pages = 6 } = {}) {
      const clock = { now: () => new Date(Date.now() + days * DAY_MS) };
      const ledger = createLedgerRetention({ pool: fixture.pool });
      const eraseInbox = (account: string) =>
        eraseFromInbox({ root: join(folder, 'inbox'), account, drops: { owners: 'prefix', owner: 'me' } });
      const rest = { keepRunsDays, leftoverDays: 7, sweepPagesPerMinute: pages };
      const people = createPeopleErasure({ pool: fixture.pool });
      return createUpkeep({ ledger, people, store: other, eraseInbox, clock, ...rest });
    },
    work: (retention, options = {}) => ticked({ retention, workdir: folder, ...options }),
    async settledRun(owner = 'alice') {
      const run = await fixture.start({ owner });
      await fixture.ledger.cancelRun({ run });
      const [delivery] = await fixture.ledger.deliveriesOf([run]);
      const product = `output/${run}/video.mp4`;
      const leftover = `runs/${run}/${delivery?.id}/1-abcdefabcd/narration.wav`;
      for (const key of [product, leftover]) await store.put(key, Buffer.from('x'));
      return { run, product, leftover };
    },
    holds: async (...keys) =>
      (await Promise.all(keys.map((key) => store.head(key)))).map((found) => found !== undefined),
    async close() {
      await fixture.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The handler's reply to a tick. */
async function ticked(parts: {
  retention: Upkeep;
  workdir: string;
  signal?: AbortSignal;
  stepMs?: number;
}): Promise<unknown> {
  const { retention, workdir, signal = new AbortController().signal, stepMs = 0 } = parts;
  let now = 0;
  const event: ReceivedEvent<'schedule.ticked'> = {
    ...{ id: 'an-event', type: 'schedule.ticked', key: undefined },
    data: eventCatalogue['schedule.ticked'].example,
  };
  const input: FunctionInput<'schedule.ticked'> = {
    run: { id: 'a-run', owner: SCHEDULE_OWNER, title: 'a tick' },
    delivery: { id: 'a-delivery', attempt: 1, key: undefined },
    one: () => event as never,
    all: () => [event] as never,
  };
  const never = (): never => {
    throw new Error('not needed');
  };
  const clock = {
    now: () => {
      now += stepMs;
      return new Date(now);
    },
  };
  const { reply } = await definition.handle(input, {
    ...{ retention, signal, clock, workdir },
    progress: () => undefined,
    log: { info: () => undefined, warn: () => undefined },
    provider: never,
    random: { next: () => 0.5 },
    put: never,
    fetch: never,
    place: never,
  });
  return reply;
}
