import { ordinalWords } from './number-words.ts';
import type { Reader } from './reader.ts';
import { timeWords } from './times.ts';
import { yearWords } from './years.ts';

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const shortMonths: Readonly<Record<string, string>> = Object.fromEntries([
  ...months.map((month) => [month.slice(0, 3), month] as const),
  ['sept', 'september'] as const,
]);

/** The month that a written word names, `may` only when capitalised. */
function monthOf(word: string): string | undefined {
  if (!/^[A-Z]/.test(word)) return undefined;
  const lower = word.toLowerCase().replace(/\.$/, '');
  return months.includes(lower) ? lower : shortMonths[lower];
}

function dateWords(date: { year: string; month: number; day: number }): string[] | undefined {
  const month = months[date.month - 1];
  if (month === undefined || date.day < 1 || date.day > 31) return undefined;
  return [month, ...ordinalWords(String(date.day)), ...yearWords(date.year)];
}

/** ISO dates, dates with slashes or points (month first unless it cannot be), and days beside a month's name. */
export const readDates: Reader = ({ core, previous, next, stop }) => {
  const iso = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(core);
  if (iso) {
    const date = dateWords({ year: iso[1] ?? '', month: Number(iso[2]), day: Number(iso[3]) });
    return date && [...date, ...(iso[4] ? ['at', ...(timeWords(iso[4]) ?? [])] : [])];
  }
  const slashed = /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})$/.exec(core);
  if (slashed) {
    const [first, second] = [Number(slashed[1]), Number(slashed[3])];
    // Points are the continental custom (day first); slashes are read month first unless that is impossible.
    const dayFirst = slashed[2] === '.' ? second <= 12 : first > 12;
    return dateWords({
      year: slashed[4] ?? '',
      month: dayFirst ? second : first,
      day: dayFirst ? first : second,
    });
  }
  const short = /^[A-Z][a-z]{2,3}$/.test(core) ? shortMonths[core.toLowerCase()] : undefined;
  if (short && short !== core.toLowerCase() && (stop || /^\d/.test(next) || /^\d/.test(previous)))
    return [short];
  const day = /^(\d{1,2})$/.exec(core)?.[1];
  if (day && Number(day) >= 1 && Number(day) <= 31) {
    if (monthOf(previous)) return ordinalWords(day);
    if (monthOf(next))
      return previous.toLowerCase() === 'the'
        ? [...ordinalWords(day), 'of']
        : ['the', ...ordinalWords(day), 'of'];
  }
  return undefined;
};
