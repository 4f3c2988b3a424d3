import { food } from './food.ts';
import { media } from './media.ts';
import { nature } from './nature.ts';
import { occasions } from './occasions.ts';
import { people } from './people.ts';
import { places } from './places.ts';
import { science } from './science.ts';
import { society } from './society.ts';
import { things } from './things.ts';
import { weather } from './weather.ts';

/**
 * What a word is best shown by, first choice first. One line per entry: words in the singular, a colon, CLDR names.
 * It holds what names and tags alone get wrong or miss: abstract ideas, near synonyms, and ambiguous words.
 */
const table = [people, weather, science, society, media, places, nature, food, occasions, things].join('');

function parse(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [words, labels] = line.split(': ');
    if (words === undefined || labels === undefined) {
      continue;
    }
    for (const word of words.split(', ')) {
      found.set(word, [...(found.get(word) ?? []), ...labels.split(' | ')]);
    }
  }
  return found;
}

/** Word or phrase in the singular to CLDR names, first choice first. */
export const associations = parse(table);
