import { setTimeout as sleep } from 'node:timers/promises';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { newRunId } from '#shared/ledger';
import { tone } from '../test/given-media.ts';
import type { Started } from './testing/place.ts';
import { openStage, type Stage, wakeUp } from './testing/stage.ts';

const settings = { format: 'long', width: 320, height: 180, fps: 30, seconds: 6, language: 'en' } as const;

describe('a Job', () => {
  let stage: Stage;
  /** A run whose first delivery is due: sound and pictures that are to be prepared. */
  let run: string;
  beforeAll(async () => {
    stage = await openStage(['prepare-assembly', 'render-scene', 'mux-video']);
  }, 120_000);
  afterAll(() => stage?.close());
  const begin = async (given: { settings: object; seconds: number }): Promise<string> => {
    const picture = await stage.artifact('a.png', await createCanvas(320, 200).encode('png'));
    const audio = await stage.artifact('sound.wav', tone(given.seconds));
    const data = eventCatalogue['pipeline.assembly.requested'].data.parse({
      ...{ settings: given.settings, title: 'A box', audio, pictures: [picture] },
    });
    return stage.begin('assembly', { type: 'pipeline.assembly.requested', data });
  };
  beforeEach(async () => {
    run = await begin({ settings, seconds: 20 });
  });
  const facts = () =>
    stage.fixture.rows<{ function: string; state: string; attempts: number; lost: number }>(
      'select function, state, attempts, lost from ledger.delivery where run = $1 order by id',
      [run],
    );
  const onlyDue = async () => {
    const [one] = await stage.due(run);
    if (one === undefined) throw new Error(`nothing is due: ${JSON.stringify(await facts())}`);
    return one;
  };
  /** Begins to render, and waits until the ledger says so. */
  const rendering = async (): Promise<Started> => {
    await stage.work(run, { until: ['render-scene'] });
    const { id, function: name } = await onlyDue();
    const job = await stage.job(name, wakeUp(id, name));
    for (const end = performance.now() + 60_000; performance.now() < end; await sleep(20)) {
      const [held] = await stage.fixture.rows(
        `select from ledger.delivery where id = $1 and state = 'leased'`,
        [id],
      );
      if (held !== undefined) return job;
    }
    throw new Error(`It does not begin: ${job.complaints()}`);
  };

  it('of each function that encodes does its work and ends with 0, and with 0 where nothing is to be done', async () => {
    const first = await onlyDue();
    expect(await stage.work(run)).toBe('completed');
    expect(await facts()).toMatchObject([
      { function: 'prepare-assembly', state: 'done', attempts: 0 },
      { function: 'render-scene', state: 'done', attempts: 0 },
      { function: 'mux-video', state: 'done', attempts: 0 },
    ]);
    const again = await stage.job(first.function, wakeUp(first.id, first.function));
    expect((await again.ended).code).toBe(0);
    const unknown = await stage.job('mux-video', wakeUp(newRunId(), 'mux-video'));
    expect((await unknown.ended).code).toBe(0);
  }, 120_000);

  it('whose delivery dies ends with 0: the ledger knows', async () => {
    const audio = await stage.artifact('sound.wav', 'no sound at all');
    const picture = await stage.artifact('a.png', await createCanvas(32, 20).encode('png'));
    const data = { settings, title: 'Noise', audio, pictures: [picture] };
    run = await stage.begin('assembly', { type: 'pipeline.assembly.requested', data });
    const { id, function: name } = await onlyDue();
    expect((await (await stage.job(name, wakeUp(id, name))).ended).code).toBe(0);
    expect(await facts()).toMatchObject([{ state: 'dead' }]);
  }, 120_000);

  it('that is killed is noticed by its lease, and the next one does it', async () => {
    const job = await rendering();
    job.child.kill('SIGKILL');
    await job.ended;
    await stage.fixture.housekeeping.takeOver({ silentMs: 30_000 });
    expect(await stage.due(run)).toEqual([]);
    await stage.fixture.shiftClock('31 seconds');
    await stage.fixture.housekeeping.takeOver({ silentMs: 30_000 });
    expect(await stage.work(run)).toBe('completed');
    expect((await facts())[1]).toMatchObject({
      function: 'render-scene',
      state: 'done',
      lost: 1,
      attempts: 0,
    });
  }, 120_000);

  it('that is told to end, and cannot in time, gives its work back, due at once, and ends with 1', async () => {
    const large = { ...settings, width: 1920, height: 1080 };
    run = await begin({ settings: large, seconds: 150 });
    const job = await rendering();
    job.child.kill('SIGTERM');
    expect((await job.ended).code).toBe(1);
    expect((await facts())[1]).toMatchObject({
      function: 'render-scene',
      state: 'due',
      lost: 0,
      attempts: 0,
    });
    await stage.fixture.ledger.cancelRun({ run });
  }, 120_000);

  it('without the ledger ends with 1, and leaves the work to the next', async () => {
    const { id, function: name } = await onlyDue();
    const job = await stage.job(name, wakeUp(id, name), {
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
    });
    expect((await job.ended).code).toBe(1);
    expect(await facts()).toMatchObject([{ state: 'due' }]);
  }, 120_000);

  it.each([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['another event', JSON.stringify({ specversion: '1.0', id: '1', source: 'x', type: 'video.wanted' })],
    ['a wake-up of no delivery', wakeUp('of-nobody', 'mux-video')],
    ['more than an event may have', JSON.stringify({ data: 'x'.repeat(1024 * 1024) })],
  ])('of %s ends with 2', async (_, text) => {
    const { code, complaints } = await (await stage.job('mux-video', text)).ended;
    expect(code).toBe(2);
    expect(complaints).toContain('the file of this Job holds no wake-up');
  });

  it('without a file ends with 2', async () => {
    const { code } = await (await stage.job('mux-video', '', { K_EVENT_PATH: '/nowhere' })).ended;
    expect(code).toBe(2);
  });
});
