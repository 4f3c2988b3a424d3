import { expect, test } from 'vitest';
import { splitSentences } from './sentences.ts';

test.each([
  ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
  ['Dr. Smith swam. 😀 "Well done," she said.', ['Dr. Smith swam.', '"Well done," she said.']],
  ['# Title\n\nText without an end', ['Title', 'Text without an end']],
  ['... !!! 😀', []],
])('%j', (text, sentences) => {
  expect(splitSentences(text)).toEqual(sentences);
});
