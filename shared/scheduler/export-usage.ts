import { Gauge } from 'prom-client';
import type { StorageUsage } from '#shared/ledger';
import type { Metrics } from '#shared/telemetry';
import { within } from './within.ts';

/** It moves slowly, and is looked up for whoever asks at most so often. */
const FRESH_MS = 60_000;
const LIMIT_MS = 5_000;

/**
 * Adds how much is kept and how many are signed in to the scheduler's metrics: read when somebody asks, once a minute at
 * most. While the database is away there are no figures.
 */
export function exportUsage(options: {
  metrics: Metrics;
  storage: () => Promise<StorageUsage>;
  sessions: () => Promise<number>;
  /** Milliseconds that only grow. */
  now?: () => number;
}): void {
  const { metrics, storage, sessions, now = () => performance.now() } = options;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> = Promise.resolve();
  const collect = (): Promise<void> => {
    if (now() - readAt >= FRESH_MS) {
      readAt = now();
      reading = read();
    }
    return reading;
  };
  const registers = [metrics.registry];
  const bytes = new Gauge({
    name: 'millrace_storage_usage_bytes',
    help: 'Bytes of artifacts that are kept, by the function that made them.',
    labelNames: ['function'],
    registers,
    collect,
  });
  const active = new Gauge({
    name: 'millrace_user_sessions_active',
    help: 'Devices on which somebody is signed in; at most 100,000 are counted.',
    // Without a label it would be 0 while nobody knows.
    labelNames: ['kind'],
    registers,
    collect,
  });

  async function read(): Promise<void> {
    const both = Promise.all([storage(), sessions()]);
    const [kept, open] = (await within(both, LIMIT_MS).catch(() => undefined)) ?? [];
    bytes.reset();
    active.reset();
    for (const { function: name, bytes: each } of kept?.functions ?? []) bytes.set({ function: name }, each);
    if (open !== undefined) active.set({ kind: 'people' }, open);
    // Who could not be told asks again.
    if (kept === undefined) readAt = Number.NEGATIVE_INFINITY;
  }
}
