import { countWords } from '#shared/text';
import { isDelicate, type Synset, type WordNet } from '#shared/wordnet';
import { plainLemma } from './naming.ts';

/** Meanings so broad that telling them tells nothing. */
const tooBroad: ReadonlySet<string> = new Set(
  `entity,physical entity,abstraction,abstract entity,object,physical object,whole,unit,thing,matter,artifact,
  artefact,instrumentality,living thing,organism,being,psychological feature,event,act,human action,deed,attribute,state,
  measure,quantity,relation,group,grouping,causal agent,cause,natural object,part,piece,content,cognition,communication,
  social group,process,physical process,activity,action,happening,change,condition,property,material,substance,
  cognitive content,person,individual,someone,location,region,way,quality,trait,definite quantity,indefinite quantity,
  fundamental quantity,collection,body part,body,chordate,vertebrate,biological group,taxonomic group,taxon,genus,family,
  order,class,phylum,causal agency,organic process,biological process,natural process,natural phenomenon,structure,
  construction,point,geographical area,district,area,compound,chemical compound,organic compound,message,information,
  signal,auditory communication,feeling,instrument,device,equipment,covering,creation,product,commodity,goods,
  communicator,creator,opening,space,writer,crack,plan of action,physical condition,body of water,leader,worker,unfortunate,adult,intellectual,expert,woody plant,vascular plant,tracheophyte,
  plant,flora,plant life,animal,beast,fauna,creature,line,plane figure,shape,form,section,division,organization,
  organisation,administrative district,municipality,urban area,geographic region,symptom,set`
    .split(',')
    .map((word) => word.trim()),
);

export function isTooBroad(synset: Synset): boolean {
  return synset.lemmas.some((lemma) => tooBroad.has(lemma));
}

/** Related meanings, best known first, without what repeats the word or is not for everybody. */
export function decent(synsets: readonly Synset[], lemma: string, wordNet: WordNet): readonly Synset[] {
  const fame = (synset: Synset): number =>
    wordNet.senses(plainLemma(synset), 'noun').find((sense) => sense.synset.id === synset.id)?.tagCount ?? 0;
  return synsets
    .filter(
      (synset) =>
        !isDelicate(synset) &&
        !tooBroad.has(plainLemma(synset)) &&
        plainLemma(synset).toLowerCase() !== lemma.toLowerCase(),
    )
    .map((synset) => ({ synset, weight: fame(synset) + Math.min(4, synset.pointers.length) * 0.2 }))
    .sort((left, right) => right.weight - left.weight)
    .map(({ synset }) => synset);
}

/** "Recce is reconnaissance." tells nothing. */
export function saysSomething(sentence: string): boolean {
  return countWords(sentence.replace(/^.*? (?:is|was|are) /, '')) > 4;
}
