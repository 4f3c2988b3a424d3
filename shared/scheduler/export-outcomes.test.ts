import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcomes, OutcomesCursor } from '#shared/ledger';
import { createMetrics } from '#shared/telemetry';
import {
  artifactOf,
  commitOf,
  createLedgerFixture,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import { exportOutcomes } from './index.ts';

let fixture: LedgerFixture;
let host = '';
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({ film: [on('pipeline.started')] }));
  host = await fixture.host();
});
afterAll(() => fixture.close());

/** Metrics whose clock the test moves; every question is a new look. */
function exported(outcomes: (after: OutcomesCursor | undefined) => Promise<Outcomes>, limitMs = 20_000) {
  const metrics = createMetrics({ service: 'test', tells: 'its work' });
  const time = { ms: 0 };
  exportOutcomes({ metrics, outcomes, now: () => time.ms, limitMs });
  return async (): Promise<Record<string, number>> => {
    time.ms += 5_000;
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('millrace_'));
    return Object.fromEntries(
      lines.map((line) => [
        line.replace(/service="test",|,?service="test"/, '').replace(/ \S+$/, ''),
        Number(line.split(' ').at(-1)),
      ]),
    );
  };
}

const outcomes = (after: OutcomesCursor | undefined) => fixture.operations.outcomes(after);

async function makeVideo(seconds: number): Promise<string> {
  const run = await fixture.start();
  const claim = await fixture.claimOne(host);
  await fixture.work.commit(
    commitOf(claim, [{ type: 'pipeline.video.assembled', data: { durationSeconds: seconds } }], {
      artifacts: [artifactOf(claim, 'video.mp4')],
    }),
  );
  return run;
}

async function failRun(): Promise<string> {
  await fixture.start();
  const claim = await fixture.claimOne(host);
  const failure = { kind: 'permanent', code: 'broken', message: 'Broken.' } as const;
  await fixture.work.fail({ claim, failure, delayMs: 0 });
  return claim.id;
}

describe('what the installation has made', () => {
  it('is counted once, from when somebody first asks: runs, videos and their length, steps and their bytes', async () => {
    await makeVideo(1_000);
    await fixture.shiftClock('1 minute');
    const look = exported(outcomes);
    expect(await look()).toMatchObject({
      'millrace_runs_total{flow="video",state="completed"}': 0,
      'millrace_runs_total{flow="video",state="failed"}': 0,
      'millrace_videos_total{flow="video"}': 0,
      'millrace_step_artifact_bytes_total{function="film"}': 0,
    });
    await makeVideo(61.5);
    await makeVideo(20);
    const dead = await failRun();
    await fixture.shiftClock('1 minute');
    const made = {
      'millrace_runs_total{flow="video",state="completed"}': 2,
      'millrace_runs_total{flow="video",state="failed"}': 1,
      'millrace_runs_total{flow="video",state="cancelled"}': 0,
      'millrace_run_duration_seconds_count{flow="video"}': 2,
      'millrace_videos_total{flow="video"}': 2,
      'millrace_video_seconds_total{flow="video"}': 81.5,
      'millrace_step_duration_seconds_count{function="film"}': 2,
      'millrace_step_artifact_bytes_total{function="film"}': 10,
    };
    expect(await look()).toMatchObject(made);
    expect(await look()).toMatchObject(made);
    await fixture.operations.retryDelivery({ delivery: dead });
    await fixture.work.commit(commitOf(await fixture.claimOne(host)));
    await fixture.shiftClock('1 minute');
    expect(await look()).toMatchObject({
      ...made,
      'millrace_runs_total{flow="video",state="completed"}': 3,
      'millrace_run_duration_seconds_count{flow="video"}': 3,
      'millrace_step_duration_seconds_count{function="film"}': 3,
    });
  });

  it('is all told, however much ended between two looks', async () => {
    const look = exported(outcomes);
    await look();
    await fixture.rows(
      `insert into ledger.run (id, flow, owner, title, state, settled_at)
       select ledger.new_id(), 'video', 'alice', 'many', 'cancelled', ledger.ledger_now() from generate_series(1, 1200)`,
    );
    await fixture.shiftClock('1 minute');
    expect(await look()).toMatchObject({ 'millrace_runs_total{flow="video",state="cancelled"}': 1_200 });
  });

  it('stays as it was told while the ledger is away or late, and goes on with it', async () => {
    let answer: 'now' | 'late' | 'never' = 'now';
    let release = (): void => undefined;
    const look = exported(async (after) => {
      if (answer === 'never') throw new Error('no connection');
      if (answer === 'late')
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      return outcomes(after);
    }, 2_000);
    const runs = 'millrace_videos_total{flow="video"}';
    await look();
    await makeVideo(5);
    await fixture.shiftClock('1 minute');
    expect(await look()).toMatchObject({ [runs]: 1 });
    await makeVideo(5);
    await fixture.shiftClock('1 minute');
    answer = 'never';
    expect(await look()).toMatchObject({ [runs]: 1 });
    answer = 'late';
    expect(await look()).toMatchObject({ [runs]: 1 });
    // Still waiting for it: no second look runs beside it, which would count the same again.
    expect(await look()).toMatchObject({ [runs]: 1 });
    answer = 'now';
    release();
    await expect.poll(look).toMatchObject({ [runs]: 2 });
    expect(await look()).toMatchObject({ [runs]: 2 });
  });
});
