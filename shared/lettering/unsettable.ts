import { graphemesOf } from './direction.ts';
import { facesFor, partWith } from './faces.ts';

/** Joiners, direction marks and variation selectors are shaped, not drawn. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\s/u;
const DRAWABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;
const PICTOGRAPH = /[\p{Extended_Pictographic}\p{Emoji_Presentation}]/u;

/** Leaves out every letter that no bundled typeface has: it would be drawn as a box, or by chance. */
export function withoutUnsettable(text: string): string {
  const faces = facesFor(text);
  return graphemesOf(text)
    .filter((grapheme) => [...grapheme].every((letter) => isSettable(letter, faces)))
    .join('');
}

/** Letters of a text that no bundled typeface has, each once, in its order; signs and emojis are not counted. */
export function unsettable(text: string): readonly string[] {
  const faces = facesFor(text);
  return [...new Set(text)].filter((letter) => /\p{L}/u.test(letter) && !isSettable(letter, faces));
}

function isSettable(letter: string, faces: ReturnType<typeof facesFor>): boolean {
  if (INVISIBLE.test(letter)) return true;
  // `unicode.json` names emojis that the files have not.
  if (!DRAWABLE.test(letter) || (PICTOGRAPH.test(letter) && !/[\p{L}\p{N}\p{P}]/u.test(letter))) return false;
  return faces.some((face) => partWith(face, letter) !== undefined);
}
