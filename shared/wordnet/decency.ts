import type { Synset } from './synset.ts';

/** Marks of WordNet itself, and words, that keep a meaning out of a video for everybody. */
const INSULTS =
  /\b(?:ethnic slurs?|slurs?|offensive|obscene|obscenity|vulgar|derogatory|disparaging|disparagement|insulting|pejorative)\b/i;
const ADULT =
  /\b(?:sexual|sexually|sexual intercourse|coitus|copulat\w*|masturbat\w*|prostitut\w*|pornograph\w*|genitals?|penis|vagina|vulva|scrotum|orgasm|sodomy|fellatio|cunnilingus|erotic|brothel|rape|incest|pederast\w*|semen|condom|whores?|harlot|promiscuous|excrement|feces|faeces|turd|buttocks|breasts? of a woman|genocide|suicide|nigger|negro|coolie|papist|birth control|contracepti\w*|abortion|homosexual (?:man|woman))\b/i;

/** Whether a meaning is an insult: never told, whatever was asked. */
export function isInsult(synset: Synset): boolean {
  return (
    INSULTS.test(synset.definition) ||
    synset.pointers.some((pointer) => pointer.kind === 'usage' && insultDomains.has(pointer.offset))
  );
}

/** Whether a meaning is better not brought up unasked. */
export function isDelicate(synset: Synset): boolean {
  return isInsult(synset) || ADULT.test(`${synset.definition} ${synset.lemmas.join(' ')}`);
}

/** WordNet 3.1: "ethnic slur", "disparagement", "obscenity" and "dirty word" as usage domains. */
const insultDomains: ReadonlySet<number> = new Set([6731706, 6730109, 7139048, 6301181]);
