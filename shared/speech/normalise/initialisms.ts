import type { Reader } from './reader.ts';
import { spell } from './spelling.ts';

/** Written in capitals and said as words. */
const acronyms = new Set(
  'NASA NATO UNESCO UNICEF AIDS LASER RADAR SONAR SCUBA OPEC FIFA UEFA PIN RAM ROM GIF JPEG LAN WAN SIM COVID SARS SWAT OSHA ASCII CERN ESA NOAA ZIP BASIC JSON YAML REST CRISPR ASEAN GUI WIKI MASH TASER TED CAPTCHA NIMBY YOLO'.split(
    ' ',
  ),
);
const shortWords = new Set(
  'A I AM AN AS AT BE BY DO GO HE HI IF IN IS IT ME MY NO OF OH OK ON OR OX SO TO UP WE ALL AND ANY ARE BIG BUT CAN DAY DID FAR FEW FOR GET GOD HAD HAS HER HIM HIS HOT HOW ITS LET MAN MEN NEW NOT NOW OFF OLD ONE OUR OUT OWN SAY SEA SEE SHE SKY SUN THE TOO TWO USE WAS WAY WHO WHY YES YET YOU END TOP ICE WAR'.split(
    ' ',
  ),
);

function isCapitals(word: string): boolean {
  return /^[A-Z]{2,}$/.test(word);
}

/** Capitals with a word's shape are a shouted word or an acronym said as one: STOP, NEXT, UNESCO, but not USSR or HTML. */
function looksLikeWord(letters: string): boolean {
  if (letters.length === 4)
    return letters !== 'UCLA' && /^[^AEIOU]{0,2}[AEIOU]{1,2}[^AEIOU]{1,2}[AEIOUY]?$/.test(letters);
  return letters.length > 4 && /[AEIOUY]/.test(letters) && !/[^AEIOUY]{4,}/.test(letters);
}

/** `BBC` → b b c, `NASA` → nasa, `U.S.` → u s, `DVDs` → d v ds; words of a line that is all in capitals stay words. */
export const readInitialisms: Reader = ({ core, previous, next }) => {
  if (/^(?:[A-Za-z]\.)+[A-Za-z]?$/.test(core)) return spell(core);
  // Vitamin A, plan A; not the article of a title.
  if (core === 'A' && previous !== '' && !/^[A-Z]/.test(next)) return spell(core);
  const match = /^([A-Z]{2,})('?s)?$/.exec(core);
  const letters = match?.[1];
  if (!match || letters === undefined)
    return /^[A-HJ-Z]$/.test(core) && core !== 'A' ? spell(core) : undefined;
  const shouting =
    shortWords.has(letters) || ((isCapitals(previous) || isCapitals(next)) && letters.length > 3);
  const sayable = acronyms.has(letters) || shouting || looksLikeWord(letters);
  const spoken =
    sayable && !(letters === 'US' || letters === 'IT') ? [letters.toLowerCase()] : spell(letters);
  if (match[2] === undefined) return spoken;
  return [...spoken.slice(0, -1), `${spoken.at(-1) ?? ''}'s`];
};
