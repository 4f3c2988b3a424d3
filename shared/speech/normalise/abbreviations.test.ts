import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['Dr. Who', 'doctor who'],
  ['Mr. and Mrs. Fox', 'mister and missus fox'],
  ['e.g. this', 'for example this'],
  ['i.e. that', 'that is that'],
  ['cats, dogs, etc.', 'cats dogs et cetera'],
  ['St. Paul', 'saint paul'],
  ['Main St.', 'main street'],
  ['No. 5', 'number five'],
  ['No. Never', 'no never'],
  ['p. 12', 'page twelve'],
  ['Fig. 3', 'figure three'],
  ['A vs. B', 'a versus b'],
  ['approx. 5', 'approximately five'],
  ['6 ft. tall', 'six feet tall'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
