import { cardinalWords, decimalWords, pluralOf } from './number-words.ts';
import type { Reader } from './reader.ts';

/** Symbol or ISO 4217 code → main unit and, where one is used, the hundredth. */
const currencies: Readonly<Record<string, readonly [string, string?]>> = {
  $: ['dollar', 'cent'],
  US$: ['dollar', 'cent'],
  USD: ['dollar', 'cent'],
  '€': ['euro', 'cent'],
  EUR: ['euro', 'cent'],
  '£': ['pound', 'penny'],
  GBP: ['pound', 'penny'],
  '¥': ['yen'],
  JPY: ['yen'],
  '₹': ['rupee'],
  INR: ['rupee'],
  '₽': ['ruble'],
  '₩': ['won'],
  '₿': ['bitcoin'],
  CHF: ['franc'],
  '¢': ['cent'],
};
const magnitudes: Readonly<Record<string, string>> = {
  k: 'thousand',
  thousand: 'thousand',
  m: 'million',
  mn: 'million',
  million: 'million',
  bn: 'billion',
  b: 'billion',
  billion: 'billion',
  trillion: 'trillion',
  tn: 'trillion',
};
const unchanging = new Set(['yen', 'won']);
const name = (unit: string, count: string) =>
  count === '1' || unchanging.has(unit) ? unit : unit === 'penny' ? 'pence' : pluralOf(unit);
const PREFIXED = /^([+-]?)(US\$|[$€£¥₹₽₩₿])(\d[\d,]*)(?:\.(\d+))?(k|K|m|M|mn|bn|B|b|tn)?$/;
const SUFFIXED = /^([+-]?)(\d[\d,]*)(?:\.(\d+))?([$€£¥₹₽₩₿¢])$/;

function money(sum: {
  sign: string;
  whole: string;
  fraction: string | undefined;
  unit: readonly [string, string?];
  magnitude?: string;
}): string[] | undefined {
  const minus = sum.sign === '-' ? ['minus'] : [];
  const [main, hundredth] = sum.unit;
  const whole = sum.whole.replaceAll(',', '');
  if (sum.magnitude === undefined && sum.fraction?.length === 2 && hundredth) {
    const cents =
      sum.fraction === '00'
        ? []
        : [...cardinalWords(sum.fraction), name(hundredth, sum.fraction.replace(/^0/, ''))];
    if (whole === '0' && cents.length > 0) return [...minus, ...cents];
    return [
      ...minus,
      ...cardinalWords(whole),
      name(main, whole),
      ...(cents.length > 0 ? ['and', ...cents] : []),
    ];
  }
  const number = decimalWords(sum.fraction === undefined ? whole : `${whole}.${sum.fraction}`);
  return (
    number && [
      ...minus,
      ...number,
      ...(sum.magnitude ? [sum.magnitude, name(main, '2')] : [name(main, sum.fraction ? '2' : whole)]),
    ]
  );
}

/** Sums: `$3.50`, `€5bn`, `5 €`, `20 USD`, and `$5 million`, whose unit is spoken after the magnitude. */
export const readCurrency: Reader = ({ core, previous, next }) => {
  const front = PREFIXED.exec(core);
  const frontUnit = currencies[front?.[2] ?? ''];
  if (front && frontUnit) {
    const magnitude = magnitudes[front[5]?.toLowerCase() ?? ''];
    const follows = magnitude === undefined && Object.hasOwn(magnitudes, next) && next.length > 3;
    const number = decimalWords(`${front[1] ?? ''}${front[3] ?? ''}${front[4] ? `.${front[4]}` : ''}`);
    if (follows && number) return number;
    return money({
      sign: front[1] ?? '',
      whole: front[3] ?? '',
      fraction: front[4],
      unit: frontUnit,
      ...(magnitude ? { magnitude } : {}),
    });
  }
  const back = SUFFIXED.exec(core);
  const backUnit = currencies[back?.[4] ?? ''];
  if (back && backUnit)
    return money({ sign: back[1] ?? '', whole: back[2] ?? '', fraction: back[3], unit: backUnit });
  const carried = currencies[PREFIXED.exec(previous)?.[2] ?? ''];
  if (carried && Object.hasOwn(magnitudes, core) && core.length > 3) return [core, name(carried[0], '2')];
  const own = Object.hasOwn(currencies, core) ? currencies[core] : undefined;
  if (own && /^[\d.,]*\d$/.test(previous)) return [name(own[0], previous)];
  return undefined;
};
