import { countWords } from '#shared/text';
import type { TopicWord } from '#shared/wordnet';
import { defineOther } from './define.ts';
import type { Add, Fact, Telling } from './fact.ts';
import { readGloss } from './gloss.ts';
import { sentenceCase } from './naming.ts';
import { predicateNoun } from './predicate.ts';

/** Other meanings of the word, and the word in a sentence of the dictionary's own. */
export function tellUse({
  word,
  telling,
  add,
}: {
  readonly word: TopicWord;
  readonly telling: Telling;
  readonly add: Add;
}): void {
  const { lemma, synset } = word;
  const example = synset.examples.find(
    (text) => isSpoken(text) && text.toLowerCase().includes(lemma.toLowerCase()),
  );
  if (example !== undefined) {
    add(inUse(example), 3.4, 'use', 'In use', [lemma]);
  }
  word.others.slice(0, 3).forEach((other, index) => {
    const { main, field } = readGloss(other.definition);
    if (main === '' || countWords(main) > 22) return;
    const said = predicateNoun(main, telling.wordNet);
    if (said === undefined) return;
    const scope = field === undefined || field.split(' ').length > 2 ? '' : ` in ${field}`;
    const called = /^\p{Lu}/u.test(lemma) ? 'name' : 'word';
    const ways = [
      `The ${called} “${lemma}” can${scope} also stand for ${said.text}.`,
      `Another meaning of “${lemma}”${scope} is ${said.text}.`,
      `A further meaning of “${lemma}”${scope} is ${said.text}.`,
    ];
    const text = ways[index] ?? '';
    add(text, 4 + index * 1.1, 'meanings', 'Other meanings', [lemma]);
  });
}

export function factsOfOther(word: TopicWord, rank: number): Fact[] {
  const texts = [word.synset, ...word.others.filter((other) => other.wordClass === word.synset.wordClass)]
    .slice(0, 3)
    .flatMap((synset) => defineOther(synset, word.lemma) ?? []);
  const example = word.synset.examples.find(
    (text) => isSpoken(text) && text.toLowerCase().includes(word.lemma.toLowerCase()),
  );
  const all = example === undefined ? texts : [...texts.slice(0, 1), inUse(example), ...texts.slice(1)];
  return all.map((text, index) => ({
    text:
      index > 0 && text.startsWith('To ')
        ? `It can also mean to ${text.replace(/^To .+? is to /, '')}`
        : index > 0
          ? text.replace(/ (means|says|describes) /, ' also $1 ')
          : text,
    heading: sentenceCase(word.lemma),
    pictures: [word.lemma],
    rank: rank + index * 1.5,
    about: index === 0 ? 'itself' : 'use',
  }));
}

/** An example of the dictionary that can be read aloud. */
function isSpoken(text: string): boolean {
  return countWords(text) >= 4 && countWords(text) <= 18 && /^[\w ,'’-]+$/.test(text);
}

function inUse(example: string): string {
  return `Here is the word in use: ${example.replace(/[,.]+$/, '')}.`;
}
