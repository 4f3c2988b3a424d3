import type { Reader } from './reader.ts';

/** Read so only with their full stop. Without it most are words of their own (`no`, `fig`, `gen`). */
const withStop: Readonly<Record<string, string>> = {
  dr: 'doctor',
  mr: 'mister',
  mrs: 'missus',
  ms: 'miz',
  prof: 'professor',
  jr: 'junior',
  sr: 'senior',
  rev: 'reverend',
  hon: 'honorable',
  gen: 'general',
  col: 'colonel',
  sgt: 'sergeant',
  capt: 'captain',
  lt: 'lieutenant',
  gov: 'governor',
  sen: 'senator',
  pres: 'president',
  etc: 'et cetera',
  vs: 'versus',
  approx: 'approximately',
  est: 'established',
  ca: 'circa',
  cf: 'compare',
  viz: 'namely',
  al: 'al',
  fig: 'figure',
  figs: 'figures',
  vol: 'volume',
  vols: 'volumes',
  ed: 'edition',
  eds: 'editors',
  ch: 'chapter',
  sec: 'section',
  pp: 'pages',
  dept: 'department',
  univ: 'university',
  inst: 'institute',
  inc: 'incorporated',
  ltd: 'limited',
  corp: 'corporation',
  bros: 'brothers',
  ave: 'avenue',
  blvd: 'boulevard',
  rd: 'road',
  mt: 'mount',
  ft: 'fort',
  temp: 'temperature',
  max: 'maximum',
  min: 'minimum',
  govt: 'government',
};
const always: Readonly<Record<string, string>> = {
  'e.g': 'for example',
  eg: 'for example',
  'i.e': 'that is',
  ie: 'that is',
  etc: 'et cetera',
  vs: 'versus',
  dr: 'doctor',
  mr: 'mister',
  mrs: 'missus',
  'w/o': 'without',
  'w/': 'with',
  approx: 'approximately',
  'ph.d': 'pee h dee',
  phd: 'pee h dee',
  'et al': 'et al',
};
/** Read so only before a number. */
const beforeNumber: Readonly<Record<string, string>> = {
  no: 'number',
  nos: 'numbers',
  p: 'page',
  pp: 'pages',
  c: 'circa',
  ca: 'circa',
  art: 'article',
};

/** Is the full stop after this word part of it, so that no sentence ends here? */
export function isAbbreviation(core: string, next: string): boolean {
  const lower = core.toLowerCase();
  if (/^(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|p|c|no)$/.test(lower) && /^\d/.test(next))
    return true;
  if (lower === 'etc' || lower === 'inc' || lower === 'ltd' || lower === 'max' || lower === 'min')
    return false;
  return (
    /^\p{L}$/u.test(core) ||
    /^(?:\p{L}\.)+\p{L}$/u.test(core) ||
    lower === 'st' ||
    lower === 'no' ||
    Object.hasOwn(withStop, lower)
  );
}

export const readAbbreviations: Reader = ({ core, stop, next, previous }) => {
  const lower = core.toLowerCase();
  if (stop && Object.hasOwn(beforeNumber, lower) && /^\d/.test(next)) return [beforeNumber[lower] ?? ''];
  if (lower === 'st' && /^[A-Z]/.test(core)) {
    return /^[A-Z]/.test(next) && !/^\d/.test(previous) ? ['saint'] : ['street'];
  }
  const words =
    (stop && Object.hasOwn(withStop, lower) ? withStop[lower] : undefined) ??
    (Object.hasOwn(always, lower) ? always[lower] : undefined);
  // Six feet, not six forts; a minute, not a minimum.
  if (words === undefined || ((lower === 'ft' || lower === 'min') && /^\d/.test(previous))) return undefined;
  return words.split(' ');
};
