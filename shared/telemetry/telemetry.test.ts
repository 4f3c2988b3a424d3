import { Writable } from 'node:stream';
import { Counter } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { createLog, logFor } from './log.ts';
import { createMetrics } from './metrics.ts';
import { continueTrace, formatTraceparent, newTrace, parseTraceparent } from './traceparent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['a word', 'hello'],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['zero span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more after its flags', `00-${TRACE}-${SPAN}-01-what`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['a header that goes on for ever', `01-${TRACE}-${SPAN}-01-${'x'.repeat(1000)}`],
    ['two headers joined', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ])('%s is not taken', (_name, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
    expect(continueTrace(header).traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  test('a valid one is read, written again the same, and continued with a new span', () => {
    const header = `00-${TRACE}-${SPAN}-01`;
    const context = parseTraceparent(header);
    expect(context).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(formatTraceparent(context ?? newTrace())).toBe(header);
    const next = continueTrace(header);
    expect(next.traceId).toBe(TRACE);
    expect(next.spanId).not.toBe(SPAN);
    expect(next.sampled).toBe(true);
  });

  test('a version of the future is read by the rules of this one', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-00-more`)?.traceId).toBe(TRACE);
  });

  test('what we make is valid and never the same twice', () => {
    const made = [newTrace(), newTrace()].map(formatTraceparent);
    expect(made.map((header) => parseTraceparent(header)).every(Boolean)).toBe(true);
    expect(new Set(made).size).toBe(2);
  });
});

describe('log', () => {
  test('a line carries its ids, an ISO time and the level as a word; secrets do not get in', () => {
    const lines: string[] = [];
    const destination = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const log = createLog({ service: 'ingress', destination });
    logFor(log, { run: 'r1', trace: TRACE, event: undefined }).info(
      { token: 'abc', headers: { authorization: 'Bearer abc', 'set-cookie': 'abc' } },
      'asked',
    );
    const line = JSON.parse(lines.join('')) as Record<string, unknown>;
    expect(line).toMatchObject({
      level: 'info',
      service: 'ingress',
      run: 'r1',
      trace: TRACE,
      message: 'asked',
    });
    expect(Object.keys(line)).not.toContain('event');
    expect(String(line.time)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(lines.join('')).not.toContain('abc');
  });
});

describe('metrics', () => {
  test('two platforms in one process count apart, each under its service', async () => {
    const [one, two] = [createMetrics({ service: 'one' }), createMetrics({ service: 'two' })];
    for (const { registry } of [one, two]) new Counter({ name: 'a_total', help: 'a', registers: [registry] });
    (one.registry.getSingleMetric('a_total') as Counter).inc(3);
    expect(await one.text()).toContain('a_total{service="one"} 3');
    expect(await two.text()).toContain('a_total{service="two"} 0');
    expect(await one.text()).toContain('process_cpu_seconds_total');
  });
});
