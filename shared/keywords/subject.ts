import { cleanLine, shorten, wordsOf } from '#shared/text';

const opening =
  /^(?:(?:why|how come|how|what|when|where|who|which)\s+(?:(?:do|does|did|is|are|was|were|can|could|should|will|would|to)\s+)?|(?:do|does|did|is|are|was|were|can|could|should|will)\s+|(?:an? )?(?:introduction|guide|history|story|science) (?:to|of)\s+)/i;
const possession = /^(.{2,}?)\s+(?:have|has|had|got)\s+(.+)$/i;
const verb =
  /^(.{2,}?)\s+(?:is|are|was|were|do|does|did|can|could|will|would|should|must|make|makes|made|work|works|worked|became|become|becomes)\b/i;

/**
 * What a topic is about, as a title would name it: "Why octopuses have three hearts" → "octopuses with three
 * hearts". Capitals stay as they were written.
 */
export function subjectOf(topic: string): string {
  const line = cleanLine(topic).replace(/[\s?!.,;:]+$/, '');
  const rest = line.replace(opening, '').replace(opening, '');
  const owning = rest === line ? null : possession.exec(rest);
  const acting = rest === line ? null : verb.exec(rest);
  const found =
    owning?.[1] !== undefined && owning[2] !== undefined
      ? `${owning[1]} with ${owning[2]}`
      : (acting?.[1] ?? rest);
  const subject = found.replace(/^(?:the|an?)\s+(?=\S)/i, '');
  if (wordsOf(subject).length > 0) return shorten(subject, 200);
  return wordsOf(line).length > 0 ? shorten(line, 200) : 'this topic';
}
