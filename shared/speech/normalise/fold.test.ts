import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['caf\u00e9', 'cafe'],
  ['na\u00efve', 'naive'],
  ['\u201cquoted\u201d', 'quoted'],
  ['don\u2019t', "don't"],
  ['Stra\u00dfe', 'strasse'],
  ['\ufb01sh', 'fish'],
  ['\u041f\u0440\u0438\u0432\u0435\u0442', 'privet'],
  ['\u03a9\u03bc\u03ad\u03b3\u03b1', 'omega'],
  ['\u65e5\u672c', 'ri ben'],
  ['\u0141\u00f3d\u017a', 'lodz'],
  ['well\u2014known', 'well known'],
  ['e\u0301te\u0301', 'ete'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
