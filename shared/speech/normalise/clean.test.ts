import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['**bold** and _soft_', 'bold and soft'],
  ['`code`', 'code'],
  ['# Heading', 'heading'],
  ['- item', 'item'],
  ['1. First', 'first'],
  ['> quoted', 'quoted'],
  ['[link](http://x.y/z)', 'link'],
  ['![picture](a.png)', 'picture'],
  ['<speak><prosody rate="slow">slow</prosody></speak>', 'slow'],
  ['a &amp; b', 'a and b'],
  ['hello \ud83d\ude00 world', 'hello world'],
  ['a\u0000b\u0007c', 'abc'],
  ['soft\u00adhyphen', 'softhyphen'],
  ['\u202ertl\u202c', 'rtl'],
  ['5 < 6', 'five less than six'],
  ['<!-- gone -->here', 'here'],
  ['zero\u200bwidth', 'zerowidth'],
  ['***', ''],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
