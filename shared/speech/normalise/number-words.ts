const small = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const scales = ['', 'thousand', 'million', 'billion', 'trillion', 'quadrillion'];
const irregularOrdinals: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

function belowThousand(value: number): string[] {
  const words: string[] = [];
  if (value >= 100) words.push(small[Math.floor(value / 100)] ?? '', 'hundred');
  const rest = value % 100;
  if (rest >= 20) {
    words.push(tens[Math.floor(rest / 10)] ?? '');
    if (rest % 10 > 0) words.push(small[rest % 10] ?? '');
  } else if (rest > 0) words.push(small[rest] ?? '');
  return words;
}

/** `007` → zero zero seven. */
export function digitWords(digits: string): string[] {
  return [...digits].flatMap((digit) => small[Number(digit)] ?? []);
}

/** A whole number's digits as a cardinal: `1234` → one thousand two hundred thirty four; beyond 18 digits, digit by digit. */
export function cardinalWords(digits: string): string[] {
  const plain = digits.replace(/^0+(?=\d)/, '');
  if (plain.length > 18) return digitWords(plain);
  if (plain === '0') return ['zero'];
  const words: string[] = [];
  const groups = Math.ceil(plain.length / 3);
  const padded = plain.padStart(groups * 3, '0');
  for (let group = 0; group < groups; group++) {
    const value = Number(padded.slice(group * 3, group * 3 + 3));
    if (value === 0) continue;
    words.push(...belowThousand(value));
    const scale = scales[groups - 1 - group];
    if (scale) words.push(scale);
  }
  return words;
}

/** The ordinal of spoken cardinal words: twenty one → twenty first. */
export function ordinalOf(cardinal: readonly string[]): string[] {
  const last = cardinal.at(-1) ?? '';
  const regular = last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`;
  return [...cardinal.slice(0, -1), irregularOrdinals[last] ?? regular];
}

/** `21` → twenty first. */
export function ordinalWords(digits: string): string[] {
  return ordinalOf(cardinalWords(digits));
}

/** The plural of a spoken word: sixty → sixties, six → sixes. */
export function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** `3.14`, `1,234`, `-5`, `.5` as words; `undefined` if it is no plain number. */
export function decimalWords(number: string): string[] | undefined {
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d+))?$/.exec(number);
  const whole = match?.[2]?.replaceAll(',', '') ?? '';
  const fraction = match?.[3];
  if (!match || (whole === '' && fraction === undefined)) return undefined;
  const sign = match[1] === '-' ? ['minus'] : match[1] === '+' ? ['plus'] : [];
  const point = fraction === undefined ? [] : ['point', ...digitWords(fraction)];
  return [...sign, ...cardinalWords(whole || '0'), ...point];
}
