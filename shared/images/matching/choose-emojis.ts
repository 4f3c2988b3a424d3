import { associations } from './associations/associations.ts';
import type { Emoji, EmojiSet } from './emoji-set.ts';
import { kindsOf } from './hypernyms.ts';
import { stopWords } from './stop-words.ts';
import { singular, stems, tokens } from './tokens.ts';

/** An emoji that fits, how well (0 to 1), and the word that it stands for. */
export interface Match {
  readonly emoji: Emoji;
  readonly score: number;
  readonly word: string;
}

/** Kinds that suit an illustration less than an object does, unless the word asks for them outright. */
const SELDOM = /^(face-|person|hand|family|other-symbol|religion|math|warning|emotion|sound|clothing)/;

/** Too wide to say anything about a subject. */
const TOO_WIDE = new Set(
  'entity,object,whole,thing,matter,being,organism,artifact,abstraction,group,unit,part,cause,state,event,act,action,activity,attribute,relation,measure,quality,property,content,substance,component,piece,person,people,man,woman,structure,system,device,instrument,process,condition,change,element,line,point,position,place,area,body,work,product,living,cell,causal agent,location,way,form,shape,food,male,female,adult,back,character,hand,head,face,light,hole,top,key,square,case,order,bit,string,series,tie,stock,good,vessel,animal,plant,creature,cognition,knowledge,number,language,message,communication,statement,information,time,period,time period,power,strength,society,nature'.split(
    ',',
  ),
);

/** Words that frame a subject rather than being it: `the history of coffee` is about coffee. */
const FRAMES = new Set(
  'history,story,science,study,life,time,year,world,people,change,idea,part,system,process,day,question,problem,solution,person,human,man,country,state,group,research,future,past,age,power,energy,structure,growth,development,cycle,link,danger,risk,right,goal,mystery,secret,balance,color,colour,art,machine,tool,design,nature,effect,role,beginner,guide,animal,plant,creature,body,kind'.split(
    ',',
  ),
);

/** A last picture for a kind of thing, when WordNet climbs as high as this. */
const KINDS: Readonly<Record<string, string>> = {
  animal: 'paw prints',
  'vascular plant': 'potted plant',
  plant: 'seedling',
  food: 'fork and knife with plate',
  vehicle: 'automobile',
  device: 'gear',
  instrument: 'hammer and wrench',
  structure: 'classical building',
  clothing: 't-shirt',
  disease: 'pill',
  'body part': 'flexed biceps',
  'body of water': 'water wave',
  'chemical element': 'atom symbol',
  chemical: 'test tube',
  feeling: 'red heart',
  cognition: 'brain',
  'written communication': 'books',
  communication: 'speech balloon',
  region: 'world map',
  location: 'world map',
  'time period': 'hourglass not done',
  'social group': 'busts in silhouette',
  person: 'bust in silhouette',
  'natural phenomenon': 'high voltage',
  substance: 'test tube',
  container: 'package',
  equipment: 'toolbox',
  art: 'artist palette',
  game: 'game die',
  contest: 'trophy',
};

function plainness(emoji: Emoji): number {
  return (SELDOM.test(emoji.subgroup) ? 0.55 : 1) - 0.02 * tokens(emoji.label).length;
}

function byName(set: EmojiSet, term: string): Match[] {
  const curated = (associations.get(term) ?? []).flatMap((label, at) => {
    const emoji = set.byLabel(label);
    return emoji === undefined ? [] : [{ emoji, score: 1 - 0.08 * at, word: term }];
  });
  const named = set.byPhrase(term).map((emoji) => {
    const whole = tokens(emoji.label).map(singular).join(' ') === term;
    return { emoji, score: whole ? 1 : 0.62 * plainness(emoji), word: term };
  });
  return [...curated, ...named];
}

function byKind(set: EmojiSet, term: string): Match[] {
  const { names, thing } = kindsOf(term);
  const near = names.flatMap((kind, depth) =>
    !thing || TOO_WIDE.has(kind)
      ? []
      : byName(set, singular(kind))
          .filter(({ score }) => score > 0.9)
          .map((match) => ({ ...match, score: Math.max(0.3, 0.62 - 0.02 * depth), word: term })),
  );
  const wide = names.flatMap((kind) => set.byLabel(KINDS[kind] ?? '') ?? []);
  return [...near, ...wide.slice(0, 1).map((emoji) => ({ emoji, score: 0.22, word: term }))];
}

function matchTerm(set: EmojiSet, term: string): Match[] {
  const named = byName(set, term);
  if (named.some(({ score }) => score >= 0.9)) {
    return named;
  }
  const stemmed = stems(term)
    .flatMap((stem) => byName(set, stem))
    .filter(({ score }) => score >= 0.9)
    .map((match) => ({ ...match, score: match.score * 0.8, word: term }));
  const tagged = set.byTag(term).map((emoji) => ({ emoji, score: 0.42 * plainness(emoji), word: term }));
  return [...named, ...stemmed, ...(term.includes(' ') ? [] : byKind(set, term)), ...tagged];
}

/** The words and neighbouring pairs of a text in the singular, pairs first. */
function terms(text: string): string[] {
  const words = tokens(text).map((word) => (associations.has(word) ? word : singular(word)));
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return [
    ...pairs,
    ...words.filter((word) => word.length > 1 && !stopWords.has(word) && !/^\d+$/.test(word)),
  ];
}

/**
 * The emojis that show a subject and its passage, best first, each once and no two for the same reason ahead of
 * another word's. Empty when nothing fits.
 */
export function chooseEmojis(
  set: EmojiSet,
  request: { readonly subject: string; readonly words: readonly string[] },
): Match[] {
  const best = new Map<Emoji, Match>();
  const asked = [
    ...terms(request.subject).map((term) => ({ term, weight: 1 })),
    ...request.words
      .slice(0, 20)
      .flatMap((words, at) => terms(words).map((term) => ({ term, weight: 0.72 - 0.015 * at }))),
  ];
  const seen = new Set<string>();
  for (const { term, weight } of asked) {
    if (seen.has(term)) {
      continue;
    }
    seen.add(term);
    const found = matchTerm(set, term)
      .sort((a, b) => b.score - a.score)
      .slice(0, 4);
    for (const [rank, match] of found.entries()) {
      const score = match.score * weight * (rank === 0 ? 1 : 0.6) * (FRAMES.has(term) ? 0.7 : 1);
      const before = best.get(match.emoji);
      if (score > 0.12 && (before === undefined || before.score < score)) {
        best.set(match.emoji, { ...match, score });
      }
    }
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
}
