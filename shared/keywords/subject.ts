import { cleanLine, shorten, wordsOf } from '#shared/text';

const OPENING =
  /^(?:(?:why|how come|how|what|when|where|who|which)\s+(?:(?:do|does|did|is|are|was|were|can|could|should|will|would|to)\s+)?|(?:do|does|did|is|are|was|were|can|could|should|will)\s+|(?:an? )?(?:introduction|guide|history|story|science) (?:to|of)\s+)/i;
const POSSESSION = /^(.{2,}?)\s+(?:have|has|had|got)\s+(.+)$/i;
const VERB =
  /^(.{2,}?)\s+(?:is|are|was|were|do|does|did|can|could|will|would|should|must|make|makes|made|work|works|worked|became|become|becomes)\b/i;

/** "is Pluto a planet", "are bats blind": what is asked about stands first. */
const ARTICLES =
  /\s+(?:an?|the|in|on|at|from|really|still|ever|not|more|less|so|too|very|always|never)\s.*$/i;
const WHETHER = /^(?:is|are|was|were)\s+(?!there\b)(.+)$/i;

/** "bake" → "baking", "tie" → "tying", "run" → "running". */
function gerundOf(verb: string): string {
  if (/ie$/.test(verb)) return `${verb.slice(0, -2)}ying`;
  if (/[^eoy]e$/.test(verb)) return `${verb.slice(0, -1)}ing`;
  return /^[^aeiou]*[aeiou][bdgmnprt]$/.test(verb) ? `${verb}${verb.at(-1)}ing` : `${verb}ing`;
}

/**
 * What a topic is about, as a title would name it: "Why octopuses have three hearts" → "octopuses with three
 * hearts". Capitals stay as they were written.
 */
export function subjectOf(topic: string): string {
  const line = cleanLine(topic).replace(/[\s?!.,;:]+$/, '');
  const steps = /^how to ([a-z]+)(?=\s|$)/i.exec(line)?.[1];
  if (steps !== undefined) return shorten(line.replace(/^how to \S+/i, gerundOf(steps.toLowerCase())), 200);
  const claim = WHETHER.exec(line)?.[1];
  if (claim !== undefined) {
    const thing = claim.replace(/^(?:the|an?)\s+(?=\S)/i, '');
    return shorten(thing.replace(ARTICLES.test(thing) ? ARTICLES : /\s+\S+$/, ''), 200);
  }
  const deed = /^(?:who|what)\s+(?!is\b|was\b|are\b|were\b)[a-z]+ed\s+(?:the\s+|an?\s+)?(.+)$/i.exec(
    line,
  )?.[1];
  if (deed !== undefined) return shorten(deed, 200);
  const rest = line.replace(OPENING, '').replace(OPENING, '');
  const owning = rest === line ? null : POSSESSION.exec(rest);
  const acting = rest === line ? null : VERB.exec(rest);
  const found =
    owning?.[1] !== undefined && owning[2] !== undefined
      ? `${owning[1]} with ${owning[2]}`
      : (acting?.[1] ?? rest);
  const subject = found.replace(/^(?:the|an?)\s+(?=\S)/i, '');
  if (wordsOf(subject).length > 0) return shorten(subject, 200);
  return wordsOf(line).length > 0 ? shorten(line, 200) : 'this topic';
}
