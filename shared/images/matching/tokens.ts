const irregular: Readonly<Record<string, string>> = {
  men: 'man',
  women: 'woman',
  children: 'child',
  people: 'people',
  mice: 'mouse',
  geese: 'goose',
  feet: 'foot',
  teeth: 'tooth',
  oxen: 'ox',
  leaves: 'leaf',
  wolves: 'wolf',
  knives: 'knife',
  lives: 'life',
  wives: 'wife',
  shelves: 'shelf',
  halves: 'half',
  loaves: 'loaf',
  calves: 'calf',
  thieves: 'thief',
  octopi: 'octopus',
  cacti: 'cactus',
  fungi: 'fungus',
  bacteria: 'bacterium',
  species: 'species',
  series: 'series',
  lens: 'lens',
  gas: 'gas',
  bus: 'bus',
  buses: 'bus',
  glasses: 'glasses',
  jeans: 'jeans',
  news: 'news',
  shoes: 'shoe',
  movies: 'movie',
  cookies: 'cookie',
  ties: 'tie',
  pies: 'pie',
  zombies: 'zombie',
};

/** The words of a text in lower case, at most 400 characters of it: letters of any script, with inner dashes apart. */
export function tokens(text: string): string[] {
  const plain = text
    .slice(0, 400)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f’']/g, '')
    .toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The singular of an English noun, by rule and a list of exceptions. */
export function singular(word: string): string {
  const known = irregular[word];
  if (Object.hasOwn(irregular, word) && known !== undefined) {
    return known;
  }
  if (word.length < 4 || /(ss|us|is|as)$/.test(word)) {
    return word;
  }
  if (/ies$/.test(word)) {
    return `${word.slice(0, -3)}y`;
  }
  if (/(ses|xes|zes|ches|shes|oes)$/.test(word)) {
    return /([aofc]uses|ases|nses|rses|axes|izes|shoes)$/.test(word) ? word.slice(0, -1) : word.slice(0, -2);
  }
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Shorter forms that a dictionary may hold, likeliest first: `flying` gives `fly`, `flye`. */
export function stems(word: string): string[] {
  const forms: string[] = [];
  for (const [ending, replacements] of [
    ['ing', ['', 'e']],
    ['ed', ['', 'e']],
    ['er', ['', 'e']],
    ['ly', ['']],
    ['ic', ['']],
    ['al', ['']],
    ['y', ['']],
  ] as const) {
    if (word.endsWith(ending) && word.length - ending.length >= 3) {
      const root = word.slice(0, -ending.length);
      forms.push(...replacements.map((replacement) => root + replacement));
      if (root.at(-1) === root.at(-2)) {
        forms.push(root.slice(0, -1));
      }
    }
  }
  return forms;
}
