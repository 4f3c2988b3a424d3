import { Counter, Histogram } from 'prom-client';
import type { Outcomes, OutcomesCursor } from '#shared/ledger';
import { durationBuckets, type Metrics } from '#shared/telemetry';
import { within } from './within.ts';

/** What has ended is read again when somebody asks and it is older than this. */
const FRESH_MS = 5_000;
/** Looks for one scrape; what is left comes with the next. */
const MOST_LOOKS = 10;
/** Longer than any of them waits. */
const LIMIT_MS = 5_000;
const STATES: readonly string[] = ['completed', 'failed', 'cancelled'];
/** Seconds. A whole video takes longer than one answer. */
const RUN_BUCKETS = [1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600];

/**
 * Adds what the installation has made to the scheduler's metrics: runs, videos and their length, how long steps took and
 * what they stored. It comes from the ledger, because pods of Jobs are gone before anybody asks them. Counted from when this
 * process first was asked; where two schedulers tell of the same, the larger is the truth (`max by`).
 */
export function exportOutcomes(options: {
  metrics: Metrics;
  outcomes: (after: OutcomesCursor | undefined) => Promise<Outcomes>;
  /** Milliseconds that only grow. */
  now?: () => number;
  limitMs?: number;
}): void {
  const { metrics, outcomes, now = () => performance.now(), limitMs = LIMIT_MS } = options;
  const told = createOutcomeMetrics(metrics, () => collect());
  let cursor: OutcomesCursor | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> = Promise.resolve();
  let isReading = false;

  function collect(): Promise<void> {
    if (now() - readAt >= FRESH_MS && !isReading) {
      readAt = now();
      isReading = true;
      // A late answer is counted all the same, by the time of the next scrape: nothing is told twice.
      const whole = read()
        .catch(() => undefined)
        .finally(() => {
          isReading = false;
        });
      reading = within(whole, limitMs);
    }
    return reading;
  }

  async function read(): Promise<void> {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const found = await outcomes(cursor);
      cursor = found.next;
      told.add(found);
      if (!found.more) return;
    }
  }
}

function createOutcomeMetrics({ registry }: Metrics, collect: () => Promise<void>) {
  const common = { registers: [registry], collect };
  const runs = new Counter({
    name: 'millrace_runs_total',
    help: 'Runs that ended; one that was retried ends again.',
    labelNames: ['flow', 'state'],
    ...common,
  });
  const took = new Histogram({
    name: 'millrace_run_duration_seconds',
    help: 'From the first event of a run to its completion.',
    labelNames: ['flow'],
    buckets: RUN_BUCKETS,
    ...common,
  });
  const videos = new Counter({
    name: 'millrace_videos_total',
    help: 'Videos that were made.',
    labelNames: ['flow'],
    ...common,
  });
  const length = new Counter({
    name: 'millrace_video_seconds_total',
    help: 'Length of the videos that were made.',
    labelNames: ['flow'],
    ...common,
  });
  const steps = new Histogram({
    name: 'millrace_step_duration_seconds',
    help: 'Last attempt of each step, in runs that ended.',
    labelNames: ['function'],
    buckets: [...durationBuckets],
    ...common,
  });
  const bytes = new Counter({
    name: 'millrace_step_artifact_bytes_total',
    help: 'Bytes that steps stored, in runs that ended.',
    labelNames: ['function'],
    ...common,
  });
  return {
    add(found: Outcomes): void {
      // A series that begins with its first event shows no increase: it begins at nothing.
      for (const flow of found.flows) {
        for (const state of STATES) runs.inc({ flow, state }, 0);
        videos.inc({ flow }, 0);
        length.inc({ flow }, 0);
      }
      for (const name of found.functions) bytes.inc({ function: name }, 0);
      for (const { flow, state, seconds, videoSeconds } of found.runs) {
        runs.inc({ flow, state });
        if (state === 'completed') took.observe({ flow }, seconds);
        if (videoSeconds === undefined) continue;
        videos.inc({ flow });
        length.inc({ flow }, videoSeconds);
      }
      for (const step of found.steps) {
        steps.observe({ function: step.function }, step.seconds);
        bytes.inc({ function: step.function }, step.bytes);
      }
    },
  };
}
