import { Gauge } from 'prom-client';
import type { FunctionFigures, LedgerFigures } from '#shared/ledger';
import type { Metrics } from '#shared/telemetry';
import { within } from './within.ts';

/** Figures are read again when somebody asks and they are older than this: any number of scrapers cost one look. */
const FRESH_MS = 5_000;
/** A ledger that has not answered by then counts as away. */
const LIMIT_MS = 5_000;

const FIGURES: Readonly<Record<string, readonly [keyof FunctionFigures, string]>> = {
  millrace_ledger_due: ['due', 'Deliveries that can start now; those behind a brake among them.'],
  millrace_ledger_paused: ['paused', 'Due deliveries behind a brake.'],
  millrace_ledger_later: ['later', 'Deliveries put off until a time.'],
  millrace_ledger_leased: ['leased', 'Deliveries in work.'],
  millrace_ledger_dead: ['dead', 'Deliveries that failed for good.'],
  millrace_ledger_oldest_due_seconds: ['oldestDueSeconds', 'Age of the oldest due delivery.'],
  millrace_ledger_jobs_active: ['jobsActive', 'Deliveries in work that run as Jobs.'],
  millrace_ledger_joins_open: ['joinsOpen', 'Joins of running runs that wait for something.'],
};

/**
 * Adds what the ledger holds, by function, to the scheduler's metrics: an installation has one, so the figures are there
 * once, however many processes answer requests. Nobody asks, nothing is read. While the ledger is
 * away `millrace_ledger_up` is 0 and there are no figures: old ones would look like good news.
 */
export function exportFigures(options: {
  metrics: Metrics;
  figures: () => Promise<LedgerFigures>;
  /** Milliseconds that only grow. */
  now?: () => number;
  limitMs?: number;
}): void {
  const { metrics, figures, now = () => performance.now(), limitMs = LIMIT_MS } = options;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> = Promise.resolve();
  const collect = (): Promise<void> => {
    if (now() - readAt >= FRESH_MS) {
      readAt = now();
      reading = read();
    }
    return reading;
  };
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames, registers: [metrics.registry], collect });
  const up = gauge('millrace_ledger_up', 'Whether the ledger answers.');
  const capped = gauge(
    'millrace_ledger_capped',
    'Whether the figures are lower bounds: there is more than is counted.',
  );
  const longest = gauge(
    'millrace_ledger_longest_transaction_seconds',
    'Age of the oldest transaction of the database: an old one makes claims slower.',
  );
  const byFunction = Object.entries(FIGURES).map(([name, [figure, help]]) => ({
    figure,
    gauge: gauge(name, help, ['function']),
  }));

  async function read(): Promise<void> {
    const found = await within(figures(), limitMs).catch(() => undefined);
    up.set(found === undefined ? 0 : 1);
    capped.set(found?.capped ? 1 : 0);
    longest.reset();
    if (found !== undefined) longest.set(found.longestTransactionSeconds);
    for (const { figure, gauge: one } of byFunction) {
      one.reset();
      for (const row of found?.functions ?? []) one.set({ function: row.function }, Number(row[figure]));
    }
  }
}
