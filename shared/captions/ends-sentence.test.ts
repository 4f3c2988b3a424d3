import { expect, it } from 'vitest';
import { endsSentence } from './ends-sentence.ts';

it.each(['sea.', '“Why?”', 'now!', 'well…', '(rocks.)', '1999.', 'etc.', 'no.'])(
  '%s ends a sentence',
  (word) => {
    expect(endsSentence(word)).toBe(true);
  },
);

it.each(['sea', 'Dr.', '“Dr.', 'Mrs.', 'J.', 'J.R.', 'e.g.', 'St.', 'vs.', 'sea,', ''])(
  '%s does not',
  (word) => {
    expect(endsSentence(word)).toBe(false);
  },
);
