import { pluralOf, type Synset } from '#shared/wordnet';
import { defineNoun } from './define.ts';
import type { Add, Telling } from './fact.ts';
import { plainLemma, sentenceCase } from './naming.ts';
import { withArticle } from './predicate.ts';

export function tellParents(request: {
  readonly parents: readonly Synset[];
  readonly own: string;
  readonly main: Synset;
  readonly add: Add;
  readonly telling: Telling;
  readonly isSaid: boolean;
}): void {
  const { parents, add, telling, main } = request;
  let said = main.definition;
  parents.slice(0, 2).forEach((parent, index) => {
    const name = plainLemma(parent);
    if (telling.told.has(parent.id)) return;
    const { sentences, kind } = defineNoun(parent, telling.wordNet);
    if (kind === 'name' || kind === 'taxon') return;
    const heading =
      index === 0 || sentences.length > 0
        ? sentenceCase(kind === 'count' ? pluralOf(name) : name)
        : 'Where it belongs';
    const isNamed = main.definition.toLowerCase().includes(name.toLowerCase());
    if (index === 0 && (!isNamed || !request.isSaid)) {
      const group = kind === 'count' ? `a kind of ${name}` : `a form of ${name}`;
      if (!main.lemmas.some((lemma) => lemma.endsWith(name)) || !request.isSaid) {
        const isName = main.pointers.some((pointer) => pointer.kind === 'instance-of');
        // A person's calling is told by the definition, or not at all.
        if (isName && (main.topicFile === 18 || kind !== 'count')) return;
        const verb = isName ? `is ${withArticle(name)}` : `is ${group}`;
        add(`${sentenceCase(request.own)} ${verb}.`, request.isSaid ? 1.5 : 0, 'kind', heading, [name]);
      }
    }
    // The second parent is told only where the first one's definition leads to it.
    if (index > 0 && !said.toLowerCase().includes(name.toLowerCase())) return;
    said = sentences[0] ?? '';
    telling.told.add(parent.id);
    sentences.slice(0, 2 - index).forEach((text, place) => {
      add(text, 2 + index * 1.6 + place * 0.5, 'kind', heading, [name]);
    });
  });
}
