import { pluralOf, type Synset, type TopicWord } from '#shared/wordnet';
import { defineNoun } from './define.ts';
import type { Add, Telling } from './fact.ts';
import { enumerate, listed, listedAll, plainLemma, sentenceCase } from './naming.ts';
import { kindOf } from './nouns.ts';
import { decent, saysSomething } from './worth.ts';

export function tellSiblings(request: {
  readonly word: TopicWord;
  readonly parent: Synset | undefined;
  readonly telling: Telling;
  readonly add: Add;
}): void {
  const { word, parent, telling, add } = request;
  const { wordNet } = telling;
  const isName = word.synset.pointers.some((pointer) => pointer.kind === 'instance-of');
  if (parent === undefined || wordNet.broader(word.synset)[0]?.id !== parent.id) return;
  const country = new Set(wordNet.related(word.synset, 'part-of').map((whole) => whole.id));
  const isNear = (sibling: Synset): boolean =>
    word.synset.topicFile !== 15 ||
    wordNet.related(sibling, 'part-of').some((whole) => country.has(whole.id));
  const siblings = decent(wordNet.related(parent, isName ? 'instance' : 'hyponym'), word.lemma, wordNet)
    .filter((sibling) => sibling.id !== word.synset.id && !telling.told.has(sibling.id) && isNear(sibling))
    .filter(
      (sibling) => isName || kindOf(sibling, plainLemma(sibling), sibling.definition, wordNet) !== 'taxon',
    );
  const name = plainLemma(parent);
  const kind = kindOf(parent, name, parent.definition, wordNet);
  const many = kind === 'count' ? pluralOf(name) : kind === 'plural' ? name : `forms of ${name}`;
  const shown = siblings.slice(0, 3);
  if (shown.length === 0) return;
  const heading = `Other ${many}`;
  add(
    shown.length === 1
      ? `Another ${kind === 'count' ? name : `form of ${name}`} is ${listed(shown[0] ?? parent, wordNet)}.`
      : `${sentenceCase(heading)} ${siblings.length > 3 ? 'include' : 'are'} ${enumerate(listedAll(shown, wordNet))}.`,
    3.6,
    'relatives',
    heading,
    shown.map(plainLemma),
  );
  siblings.slice(0, 3).forEach((sibling, index) => {
    telling.told.add(sibling.id);
    const { sentences } = defineNoun(sibling, wordNet);
    sentences
      .slice(0, 1)
      .filter(saysSomething)
      .forEach((text) => {
        add(text, 4.4 + index * 0.8, 'relatives', heading, [plainLemma(sibling)]);
      });
  });
}
