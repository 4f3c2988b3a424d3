import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createElection } from '#shared/ledger';
import { createLog } from '#shared/telemetry';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { runElected } from './run-elected.ts';

const log = createLog({ service: 'test', level: 'silent' });
/** A fifth of the real one; everything else follows from it. */
const TERM_MS = 2_000;

let fixture: LedgerFixture;
const running: { stop: AbortController; ended: Promise<void> }[] = [];
beforeEach(async () => {
  fixture = await createLedgerFixture(testTopology({ speak: [on('pipeline.started')] }));
});
afterEach(async () => {
  for (const { stop } of running) stop.abort();
  await Promise.all(running.splice(0).map(({ ended }) => ended));
  await fixture.close();
});

interface Candidate {
  readonly name: string;
  isActing: boolean;
  readonly changes: boolean[];
  leave(): Promise<void>;
}

function stand(name: string): Candidate {
  const stop = new AbortController();
  const candidate: Candidate = { name, isActing: false, changes: [], leave };
  const ended = runElected({
    election: createElection(fixture),
    candidate: idOf(name),
    async duties(signal) {
      candidate.isActing = true;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      candidate.isActing = false;
    },
    onChange: (isElected) => void candidate.changes.push(isElected),
    ...{ log, signal: stop.signal, termMs: TERM_MS },
  });
  async function leave(): Promise<void> {
    stop.abort();
    await ended;
  }
  running.push({ stop, ended });
  return candidate;
}

const idOf = (name: string) => `00000000-0000-4000-8000-00000000000${name.charCodeAt(0) % 10}`;

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !holds(); tries++) await sleep(25);
  expect(holds()).toBe(true);
}

/** Which of them acts; never two. */
async function acting(candidates: readonly Candidate[]): Promise<Candidate> {
  await until(() => candidates.some(({ isActing }) => isActing));
  const [one, ...more] = candidates.filter(({ isActing }) => isActing);
  expect(more).toEqual([]);
  if (one === undefined) throw new Error('nobody acts');
  return one;
}

describe('of several schedulers', () => {
  it('no two act at a time', async () => {
    const all = ['a', 'b', 'c'].map(stand);
    await acting(all);
    for (let look = 0; look < 40; look++) {
      expect(all.filter(({ isActing }) => isActing).length).toBeLessThan(2);
      await sleep(100);
    }
  });

  it('another follows one that leaves in order, without waiting for the end of its term', async () => {
    const all = ['a', 'b'].map(stand);
    const first = await acting(all);
    const second = all.find((one) => one !== first);
    await first.leave();
    // Nobody's, unless the other one was quick.
    const [row] = await fixture.rows<{ host: string | null }>('select host from ledger.scheduler');
    expect([null, idOf(second?.name ?? '')]).toContain(row?.host);
    await until(() => second?.isActing === true);
    expect(first.changes).toEqual([true, false]);
  });

  it('another follows one that is silent', async () => {
    const silentSince = performance.now();
    await fixture.rows(
      `update ledger.scheduler set host = '00000000-0000-4000-8000-0000000000ff', renewed_at = ledger.ledger_now()`,
    );
    const one = stand('a');
    await until(() => one.isActing);
    expect(performance.now() - silentSince).toBeGreaterThanOrEqual(TERM_MS);
  });

  it('none waits for a term that ledger time, which went back, would end in hours', async () => {
    await fixture.rows(
      `update ledger.scheduler set host = '00000000-0000-4000-8000-0000000000ff',
         renewed_at = ledger.ledger_now() + interval '5 hours'`,
    );
    const one = stand('a');
    await until(() => one.isActing);
  });

  it('one that cannot renew its election, because the ledger hangs, stops by itself and begins again later', async () => {
    const one = stand('a');
    await until(() => one.isActing);
    const blocker = await fixture.pool.connect();
    await blocker.query('begin');
    await blocker.query('select from ledger.scheduler for update');
    await until(() => !one.isActing);
    await blocker.query('commit');
    blocker.release();
    await until(() => one.isActing);
    expect(one.changes).toEqual([true, false, true]);
  });

  it('one that cannot be told of stays quiet while the ledger is away', async () => {
    await fixture.rows('alter table ledger.scheduler rename to gone');
    const one = stand('a');
    await sleep(TERM_MS);
    expect(one.isActing).toBe(false);
    await fixture.rows('alter table ledger.gone rename to scheduler');
    await until(() => one.isActing);
  });
});
