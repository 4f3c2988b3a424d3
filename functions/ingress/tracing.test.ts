import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTracing } from '#shared/telemetry';
import { attributesOf, type Collector, type OtlpSpan, startCollector } from '../../test/collector.ts';
import { type FrontDoor, openFrontDoor } from './testing/front-door.ts';

/** OpenTelemetry's SPAN_KIND_SERVER. */
const SERVER = 2;
const caller = (digit: string) => `00-0af7651916cd43dd8448eb211c80319${digit}-b7ad6b7169203331-01`;

let collector: Collector;
let door: FrontDoor;

beforeAll(async () => {
  collector = await startCollector();
  const target = { endpoint: collector.url, headers: undefined };
  const tracing = await createTracing({ service: 'ingress', target });
  door = await openFrontDoor({ tracing });
  const ask = async (digit: string, path: string, request: Parameters<FrontDoor['ask']>[1] = {}) =>
    await (await door.ask(path, { ...request, headers: { traceparent: caller(digit) } })).text();
  await ask('1', '/api/pipelines', { as: 'alice', body: { topic: 'Why octopuses have three hearts' } });
  await ask('2', '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000000?secret=word', { as: 'alice' });
  await ask('3', '/nothing/here');
  await ask('4', '/api/pipelines', { as: 'alice', method: 'PROPFIND' });
  await door.fixture.pool.end();
  await ask('5', '/api/pipelines', { as: 'alice' });
  await tracing.close();
});
afterAll(async () => {
  await door.close().catch(() => undefined);
  await collector.stop();
});

const spansOf = (digit: string) =>
  collector.spans.filter(({ traceId }) => traceId === caller(digit).split('-')[1]);
function serverSpan(digit: string): OtlpSpan {
  const found = spansOf(digit).filter(({ kind }) => kind === SERVER);
  expect(found).toHaveLength(1);
  return found[0] as OtlpSpan;
}

describe('the span of a request', () => {
  it('is the child of its caller and the parent of what is published', () => {
    const span = serverSpan('1');
    expect(span).toMatchObject({ name: 'POST /api/pipelines', parentSpanId: 'b7ad6b7169203331' });
    expect(attributesOf(span)).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/api/pipelines',
      'http.response.status_code': 202,
      'url.path': '/api/pipelines',
    });
    const publish = spansOf('1').find(({ name }) => name === 'publish pipeline.started');
    expect(publish?.parentSpanId).toBe(span.spanId);
  });

  it('is named after the route, never after ids, and tells nothing of the query', () => {
    const span = serverSpan('2');
    expect(span.name).toBe('GET /api/pipelines/{id}');
    expect(attributesOf(span)).toMatchObject({ 'http.response.status_code': 404 });
    expect(JSON.stringify(span)).not.toContain('secret');
    expect(span.status.code ?? 0).toBe(0);
  });

  it('of what no route takes has none, and of an unknown method no such word', () => {
    expect(serverSpan('3').name).toBe('GET');
    expect(attributesOf(serverSpan('3'))).not.toHaveProperty('http.route');
    expect(attributesOf(serverSpan('4'))).toMatchObject({ 'http.request.method': '_OTHER' });
  });

  it('fails where the answer is our failure', () => {
    const span = serverSpan('5');
    const { 'http.response.status_code': status, 'error.type': type } = attributesOf(span);
    expect(status).toBeGreaterThanOrEqual(500);
    expect(type).toBe(String(status));
    expect(span.status.code).toBe(2);
  });
});
