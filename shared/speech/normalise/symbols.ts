import type { Reader } from './reader.ts';

const spokenSymbols: Readonly<Record<string, string>> = {
  '&': 'and',
  '+': 'plus',
  '@': 'at',
  '#': 'number',
  '=': 'equals',
  '×': 'times',
  '÷': 'divided by',
  '±': 'plus or minus',
  '<': 'less than',
  '>': 'greater than',
  '≤': 'at most',
  '≥': 'at least',
  '≈': 'about',
  '~': 'about',
  '→': 'to',
  '%': 'percent',
  '°': 'degrees',
  $: 'dollars',
  '€': 'euros',
  '£': 'pounds',
  '/': 'slash',
  '∞': 'infinity',
  π: 'pi',
  '√': 'square root of',
};

/** A symbol that stands alone between words. */
export const readSymbols: Reader = ({ core }) =>
  Object.hasOwn(spokenSymbols, core) ? spokenSymbols[core]?.split(' ') : undefined;

/** What a symbol inside a word says (`AT&T`, `C++`, `rock+roll`, `me@home`); the others only part its words. */
export function innerSymbol(symbol: string): string[] {
  const word = {
    '&': 'and',
    '+': 'plus',
    '@': 'at',
    '%': 'percent',
    '=': 'equals',
    '×': 'times',
    '°': 'degrees',
    '±': 'plus or minus',
  }[symbol];
  return word === undefined ? [] : word.split(' ');
}
