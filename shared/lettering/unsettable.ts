import { graphemesOf } from './direction.ts';
import { facesFor, partWith } from './faces.ts';

/** Joiners, direction marks and variation selectors are shaped, not drawn. */
const invisible = /\p{Cf}|\p{Variation_Selector}|\s/u;
const drawable = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;
const pictograph = /[\p{Extended_Pictographic}\p{Emoji_Presentation}]/u;

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
  if (invisible.test(letter)) return true;
  // `unicode.json` names emojis that the files have not.
  if (!drawable.test(letter) || (pictograph.test(letter) && !/[\p{L}\p{N}\p{P}]/u.test(letter))) return false;
  return faces.some((face) => partWith(face, letter) !== undefined);
}
