import { cardinalWords, ordinalWords } from './number-words.ts';
import type { Reader } from './reader.ts';

const NUMBERED =
  /^(?:chapter|part|act|scene|volume|book|section|phase|type|class|war|mark|stage|level|title|article|appendix|figure|table|apollo|gemini|saturn|bowl)$/i;
const MONARCHS =
  /^(?:henry|louis|george|elizabeth|charles|edward|william|james|richard|pope|paul|napoleon|ramses|ramesses|leo|pius|benedict|philip|ferdinand|frederick|wilhelm|nicholas|alexander|ptolemy|mary|catherine|gustav|christian|victoria|john|francis|otto|innocent|gregory|clement|urban|henri|karl|carlos|felipe|juan|thutmose|amenhotep|darius|cleopatra|selim|mehmed|murad|peter|ivan|haakon|harald|robert|david|malcolm)$/i;
const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100 };

/** The value of a well-formed Roman numeral below 400; `undefined` otherwise. */
function romanValue(numeral: string): number | undefined {
  if (!/^C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/.test(numeral) || numeral === '') return undefined;
  let total = 0;
  for (let at = 0; at < numeral.length; at++) {
    const value = values[numeral[at] ?? ''] ?? 0;
    total += value < (values[numeral[at + 1] ?? ''] ?? 0) ? -value : value;
  }
  return total;
}

/** Roman numerals where they cannot be anything else: after `Chapter` or a monarch, or several letters of I, V and X. */
export const readRoman: Reader = ({ core, previous }) => {
  const value = romanValue(core);
  if (value === undefined) return undefined;
  const name = previous.replace(/'s$/, '');
  if (NUMBERED.test(name)) return cardinalWords(String(value));
  if (
    MONARCHS.test(name) &&
    /^[A-Z]/.test(name) &&
    (core !== 'I' ||
      /^(?:elizabeth|charles|james|napoleon|ramses|george|francis|nicholas|pope|peter|otto|darius)$/i.test(
        name,
      ))
  ) {
    return ['the', ...ordinalWords(String(value))];
  }
  return /^[IVX]{2,}$/.test(core) ? cardinalWords(String(value)) : undefined;
};
