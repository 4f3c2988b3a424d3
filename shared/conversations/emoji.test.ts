import { expect, it } from 'vitest';
import { readEmoji } from './index.ts';

it.each([
  ['👍', '👍'],
  ['👍🏽', '👍🏽'],
  ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
  ['🇫🇷', '🇫🇷'],
  ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  // Without their variation selectors, as some keyboards send them.
  ['\u2764', '\u2764\ufe0f'],
  ['\u2764\ufe0f', '\u2764\ufe0f'],
  ['1\u20e3', '1\ufe0f\u20e3'],
  ['👩\u200d\u2764\u200d👩', '👩\u200d\u2764\ufe0f\u200d👩'],
  ['🏳\u200d🌈', '🏳\ufe0f\u200d🌈'],
  ['⛹🏽\u200d♂', '⛹🏽\u200d♂\ufe0f'],
])('takes %s for one emoji', (text, spelled) => {
  expect(readEmoji(text)).toBe(spelled);
});

it.each([
  '',
  'a',
  '1',
  '#',
  '👍👍',
  '👍 ',
  '👍\n',
  ':+1:',
  '🇫',
  '🇫🇷🇩🇪',
  '\ufe0f',
  '\u200d',
  '👍\u200d',
  '🏽'.repeat(2),
  '\ud83d',
  '👨\u200d👩\u200d👧\u200d👦\u200d👦',
  '<script>',
  '👍\u0000',
  '👍'.repeat(10_000),
])('takes %j for none', (text) => {
  expect(readEmoji(text)).toBeUndefined();
});
