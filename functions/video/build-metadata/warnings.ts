import type { Script } from '#shared/events';
import { unsettable } from '#shared/lettering';

/** More would be a wall of letters. */
const MOST_SHOWN = 20;

/** What is not in the picture although it is in the text. */
export function warningsOf(script: Script): string[] {
  const { title, scenes } = script;
  const letters = unsettable([title, ...scenes.map(({ narration }) => narration)].join(' '));
  if (letters.length === 0) return [];
  const shown = letters.slice(0, MOST_SHOWN).join(' ');
  const more = letters.length > MOST_SHOWN ? ` and ${letters.length - MOST_SHOWN} more` : '';
  return [
    `No typeface that comes with the platform has these letters: ${shown}${more}. They are left out of captions in the picture and of the thumbnail; the caption files have them.`,
  ];
}
