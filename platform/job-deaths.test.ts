import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHostDeaths } from '#shared/ledger';
import { createLog } from '#shared/telemetry';
import {
  commitOf,
  createLedgerFixture,
  type LedgerFixture,
  on,
  testTopology,
} from '../test/ledger-fixture.ts';
import { jobDeaths } from './job-deaths.ts';

const POD = 'render-scene1f3870be274f6c49b3e31a0c6728957f-x7k2p';

let fixture: LedgerFixture;
let counted: { function: string; reason: string }[];
let take: (request: Request) => Promise<Response>;
beforeEach(async () => {
  fixture = await createLedgerFixture(testTopology({ 'render-scene': [on('pipeline.started')] }));
  counted = [];
  take = jobDeaths({
    deaths: createHostDeaths(fixture),
    functions: ['render-scene'],
    count: (death) => void counted.push(death),
    log: createLog({ service: 'test', level: 'silent' }),
  });
});
afterEach(() => fixture.close());

/** As ApiServerSource sends it. */
function told(data: unknown): Request {
  return new Request('http://scheduler/job-deaths', {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify({
      specversion: '1.0',
      id: crypto.randomUUID(),
      source: 'https://10.96.0.1:443',
      type: 'dev.knative.apiserver.resource.update',
      subject: `/apis/v1/namespaces/millrace/pods/${POD}`,
      datacontenttype: 'application/json',
      data,
    }),
  });
}

function pod(status: object, uid = 'uid-1'): object {
  const labels = { 'app.kubernetes.io/name': 'render-scene', 'batch.kubernetes.io/job-name': 'x' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD, uid, namespace: 'millrace', labels },
    status,
  };
}

const ended = (exitCode: number, reason: string) => ({
  phase: exitCode === 0 ? 'Succeeded' : 'Failed',
  containerStatuses: [
    { name: 'function', ready: false, state: { terminated: { exitCode, reason, signal: 0 } } },
  ],
});

async function held() {
  await fixture.start();
  return await fixture.claimOne(await fixture.host({ home: POD }));
}

const stateOf = async (id: string) =>
  (await fixture.operations.readDelivery(id)) ?? { state: 'gone', attemptLog: [] };

describe('the death of a Job', () => {
  it.each([
    ['by memory', ended(137, 'OOMKilled'), 'OOMKilled', 'OOMKilled, exit code 137'],
    ['by itself', ended(1, 'Error'), 'Error', 'Error, exit code 1'],
    [
      'by eviction',
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on disk.' },
      'Evicted',
      'Evicted',
    ],
    [
      'by its deadline',
      { ...ended(143, 'Error'), reason: 'DeadlineExceeded' },
      'DeadlineExceeded',
      'DeadlineExceeded, exit code 143',
    ],
    ['for a new reason', ended(9, 'Vanished'), 'other', 'Vanished, exit code 9'],
  ])('%s makes its work due at once, and its attempt says why', async (_name, status, reason, words) => {
    const claim = await held();
    expect((await take(told(pod(status)))).status).toBe(202);
    const { state, attemptLog } = await stateOf(claim.id);
    expect(state).toBe('due');
    expect(attemptLog).toMatchObject([
      { outcome: 'lost', error: { code: 'pod-ended', message: `Its pod ended: ${words}.` } },
    ]);
    expect(counted).toEqual([{ function: 'render-scene', reason }]);
    // Nothing of the dead one is believed any more.
    expect(await fixture.work.commit(commitOf(claim))).toBe('refused');
  });

  it('that is told again and again is one', async () => {
    await held();
    for (let times = 0; times < 3; times++) await take(told(pod(ended(137, 'OOMKilled'))));
    expect(counted).toHaveLength(1);
  });

  it('takes nothing from another pod of the same function', async () => {
    await fixture.start();
    const other = await fixture.claimOne(await fixture.host({ home: `${POD.slice(0, -1)}q` }));
    await take(told(pod(ended(137, 'OOMKilled'))));
    expect((await stateOf(other.id)).state).toBe('leased');
    expect(await fixture.work.commit(commitOf(other))).toBe('committed');
  });

  it.each([
    ['a pod that runs', { phase: 'Running', containerStatuses: [{ state: { running: {} } }] }],
    ['a pod that waits', { phase: 'Pending' }],
    ['a pod that ended well', ended(0, 'Completed')],
    ['a node that is lost, whose process may live', { phase: 'Failed', reason: 'NodeLost' }],
    [
      'one container of two',
      {
        phase: 'Running',
        containerStatuses: [
          { state: { terminated: { exitCode: 1, reason: 'Error' } } },
          { state: { running: {} } },
        ],
      },
    ],
  ])('is not %s', async (_name, status) => {
    const claim = await held();
    expect((await take(told(pod(status)))).status).toBe(202);
    expect((await stateOf(claim.id)).state).toBe('leased');
  });

  it.each([
    ['another kind', { kind: 'Job', metadata: { name: POD, uid: '1' } }],
    ['nothing', undefined],
    ['a list', []],
    ['a pod without a name', { kind: 'Pod', metadata: {} }],
    [
      'numbers for words',
      pod({ phase: 1, containerStatuses: [{ state: { terminated: { exitCode: 'x' } } }] }),
    ],
    ['a name that is an object', { kind: 'Pod', metadata: { name: { home: POD }, uid: '1' } }],
  ])('is not told by %s', async (_name, data) => {
    const claim = await held();
    expect((await take(told(data))).status).toBe(202);
    expect((await stateOf(claim.id)).state).toBe('leased');
    expect(counted).toEqual([]);
  });

  it('comes as an event, or is refused', async () => {
    const noEvent = new Request('http://scheduler/job-deaths', { method: 'POST', body: '{}' });
    await expect(take(noEvent)).rejects.toMatchObject({ status: 400, code: 'not-a-cloudevent' });
  });
});
