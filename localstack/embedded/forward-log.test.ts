import { expect, it } from 'vitest';
import { createLog } from '#shared/telemetry';
import { forwardLine } from './forward-log.ts';

function written(line: string): string[] {
  const lines: string[] = [];
  const log = createLog({ service: 'platform', destination: { write: (text) => void lines.push(text) } });
  forwardLine(line, log);
  return lines;
}

function forwarded(line: string): Record<string, unknown>[] {
  return written(line).map((text) => JSON.parse(text) as Record<string, unknown>);
}

it('keeps level, message, service and ids of a line', () => {
  const line = JSON.stringify({
    level: 'warn',
    time: 'x',
    service: 'lane-cpu',
    run: 'r1',
    message: 'delivery failed',
  });
  expect(forwarded(line)).toMatchObject([
    { level: 'warn', service: 'lane-cpu', run: 'r1', message: 'delivery failed' },
  ]);
  for (const name of ['level', 'time', 'service', 'run', 'message'])
    expect(written(line)[0]?.split(`"${name}":`), name).toHaveLength(2);
});

it.each(['Segmentation fault', '{"broken', '[1]'])('keeps %j, which is no log line, as a warning', (line) => {
  expect(forwarded(line)).toMatchObject([{ level: 'warn', service: 'platform', line }]);
});

it('drops empty lines', () => {
  expect(forwarded('  ')).toEqual([]);
});
