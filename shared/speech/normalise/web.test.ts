import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['https://www.example.com/a-b?x=1#y', 'example dot com slash ay dash b'],
  ['example.org', 'example dot org'],
  ['www.nasa.gov.', 'nasa dot gov'],
  ['me@example.org', 'm e at example dot org'],
  ['http://localhost:8080/', 'localhost colon eight zero eight zero'],
  ['and/or', 'and or'],
  ['end.Start', 'end start'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
