import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTracing, type Tracing } from '#shared/telemetry';
import { type OtlpSpan, startCollector } from '../../test/collector.ts';
import { createHostWorld, type HostWorld } from './testing/host-world.ts';
import { WAKE_UP } from './wake-up.ts';

describe('the trace of a request', () => {
  let world: HostWorld;
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let tracing: Tracing;
  const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  const wake = (delivery: string) =>
    world.receiver.fetch(
      new Request('http://host/', {
        method: 'POST',
        headers: {
          ...{ 'ce-specversion': '1.0', 'ce-id': `${delivery}.1`, 'ce-source': '/w' },
          ...{ 'ce-type': WAKE_UP, 'ce-function': 'only-step' },
        },
      }),
    );
  const send = (id: string, traceparent: string) =>
    world.receiver.fetch(
      new Request('http://host/', {
        method: 'POST',
        headers: {
          authorization: 'Bearer alice',
          'content-type': 'application/cloudevents+json',
          traceparent,
        },
        body: JSON.stringify({
          ...{ specversion: '1.0', id, source: '/shop', type: 'pipeline.started' },
          data: world.started,
        }),
      }),
    );

  beforeAll(async () => {
    collector = await startCollector();
    const target = { endpoint: collector.url, headers: 'api-key=one%20word,tenant=a' };
    tracing = await createTracing({ service: 'lane-light', target });
    world = await createHostWorld({ tracing });
    expect((await send('1', CALLER)).status).toBe(202);
    const [good] = await world.due();
    await wake(good ?? '');
    expect((await send('2', CALLER.replace('319c', '319d'))).status).toBe(202);
    world.fail('dead');
    const [bad] = await world.due();
    await wake(bad ?? '');
    await tracing.close();
  });
  afterAll(async () => {
    await world.close();
    await collector.stop();
  });

  const named = (name: string, trace = '0af7651916cd43dd8448eb211c80319c') => {
    const found = collector.spans.filter((span) => span.name === name && span.traceId === trace);
    expect(found, name).toHaveLength(1);
    return found[0] as OtlpSpan;
  };

  it('goes from the caller through publication, claim, handler and commit, each span the child of its hop', () => {
    const publish = named('publish pipeline.started');
    const process = named('process only-step');
    expect(publish.parentSpanId).toBe('b7ad6b7169203331');
    expect(process.parentSpanId).toBe(publish.spanId);
    for (const name of ['claim only-step', 'handle only-step', 'commit only-step'])
      expect(named(name).parentSpanId).toBe(process.spanId);
    expect([publish.kind, process.kind, named('commit only-step').kind]).toEqual([4, 5, 4]);
    expect(BigInt(process.endTimeUnixNano)).toBeGreaterThan(BigInt(process.startTimeUnixNano));
  });

  it('goes on with the events that a commit publishes', async () => {
    const events = await world.traces();
    const { traceId, spanId } = named('commit only-step');
    expect(events.find(({ type }) => type === 'pipeline.video.placed')?.traceparent).toBe(
      `00-${traceId}-${spanId}-01`,
    );
  });

  it('says what failed, and has no commit there', () => {
    const failed = '0af7651916cd43dd8448eb211c80319d';
    expect(named('handle only-step', failed).status).toMatchObject({ code: 2, message: 'It is bad.' });
    expect(named('process only-step', failed).status).toMatchObject({ code: 2 });
    const names = collector.spans.filter(({ traceId }) => traceId === failed).map(({ name }) => name);
    expect(names).not.toContain('commit only-step');
  });

  it('is sent to the collector with its headers and the name of the service', () => {
    expect(collector.headers[0]).toMatchObject({ ':path': '/v1/traces', 'api-key': 'one word', tenant: 'a' });
    expect([...collector.services]).toEqual(['millrace-lane-light']);
  });
});

describe('without a collector', () => {
  it('the trace is carried on all the same', async () => {
    const tracing = await createTracing({ service: 'test', target: undefined });
    const span = tracing.start('work', { parent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    expect(span.traceparent).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/,
    );
    span.end();
    await tracing.close();
  });

  it('a collector that is away holds up nobody', async () => {
    const target = { endpoint: 'http://127.0.0.1:9', headers: undefined };
    const tracing = await createTracing({ service: 'test', target });
    tracing.start('work').end();
    await tracing.close();
  });
});
