import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '#shared/topology';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { newRunId } from './ids.ts';

describe('a flow that holds some functions alone', () => {
  let fixture: LedgerFixture;
  const whole = testTopology({
    first: [on('pipeline.started')],
    second: [on('pipeline.keywords.fetched')],
    other: [on('pipeline.keywords.fetched')],
    both: [
      { kind: 'all', types: ['pipeline.keywords.fetched', 'pipeline.video.assembled'], each: undefined },
    ],
    watcher: [on('pipeline.completed')],
  });
  const ends = { completed: 'pipeline.completed', failed: 'pipeline.failed' } as const;
  const topology: Topology = {
    ...whole,
    flows: {
      ...whole.flows,
      call: { title: 'A call', starts: ['pipeline.started'], functions: ['first', 'second'], ...ends },
      join: {
        title: 'A join',
        starts: ['pipeline.keywords.fetched', 'pipeline.video.assembled'],
        functions: ['both'],
        ...ends,
      },
    },
  };

  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
  });
  afterAll(() => fixture.close());

  const open = async (
    flow: string,
    ...types: ('pipeline.started' | 'pipeline.keywords.fetched' | 'pipeline.video.assembled')[]
  ) => {
    const id = newRunId();
    const [event, ...also] = types.map((type) => ({ type, data: { type } }));
    if (event === undefined) throw new Error('A run begins with an event.');
    await fixture.ledger.publish({ run: { id, flow, owner: 'alice', title: flow, labels: {} }, event, also });
    return id;
  };
  const functionsOf = async (run: string) =>
    (await fixture.ledger.deliveriesOf([run])).map((delivery) => delivery.function);
  async function work(fn: string, events: readonly 'pipeline.keywords.fetched'[] = []): Promise<void> {
    const claim = await fixture.claimOne(await fixture.host({ lane: 'light' }), { functions: [fn] });
    await fixture.work.commit({
      claim,
      events: events.map((type) => ({ type, data: {} })),
      artifacts: [],
      usage: {},
    });
  }

  it('gives work to these alone, completes without the others, and wakes nobody who follows whole flows', async () => {
    const run = await open('call', 'pipeline.started');
    await work('first', ['pipeline.keywords.fetched']);
    await work('second');
    expect(await functionsOf(run)).toEqual(['first', 'second']);
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
  });

  it('begins with several events at once where a function waits for several', async () => {
    const run = await open('join', 'pipeline.keywords.fetched', 'pipeline.video.assembled');
    expect(await functionsOf(run)).toEqual(['both']);
    await work('both');
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
    expect(await fixture.ledger.eventsOf(run, ['pipeline.video.assembled'])).toMatchObject([
      { type: 'pipeline.video.assembled', data: { type: 'pipeline.video.assembled' } },
    ]);
  });

  it('leaves a flow that names none as it was', async () => {
    const run = await open('video', 'pipeline.started');
    await work('first', ['pipeline.keywords.fetched']);
    expect((await functionsOf(run)).sort()).toEqual(['first', 'other', 'second']);
  });

  it('lists the runs of several flows together', async () => {
    const { runs } = await fixture.ledger.listRuns({ owner: 'alice', flow: ['call', 'join'], limit: 10 });
    expect(runs.map(({ flow }) => flow)).toEqual(['join', 'call']);
  });
});
