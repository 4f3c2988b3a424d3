import { digitWords } from './number-words.ts';

/** Letter names that the voice reads rightly as words; a bare `a` would be read as the article. */
const letterNames: Readonly<Record<string, string>> = { a: 'ay' };

/** A letter or digit at a time: `TV3` → t v three. */
export function spell(text: string): string[] {
  return [...text.toLowerCase()].flatMap((character) =>
    /\d/.test(character)
      ? digitWords(character)
      : /[a-z]/.test(character)
        ? [letterNames[character] ?? character]
        : [],
  );
}
