import type { Match } from '../matching/choose-emojis.ts';
import { singular, tokens } from '../matching/tokens.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { SettingName } from './settings.ts';

/** Which places suit a kind of emoji (CLDR subgroup), best first. */
const bySubgroup: Readonly<Record<string, readonly SettingName[]>> = {
  'animal-marine': ['underwater', 'sea', 'coast', 'paper'],
  'animal-mammal': ['meadow', 'forest', 'mountains', 'farmland', 'desert'],
  'animal-bird': ['forest', 'heights', 'meadow', 'coast', 'mountains'],
  'animal-amphibian': ['forest', 'meadow', 'coast'],
  'animal-reptile': ['desert', 'forest', 'coast', 'meadow'],
  'animal-bug': ['meadow', 'forest', 'farmland', 'paper'],
  'plant-flower': ['meadow', 'farmland', 'studio', 'village'],
  'plant-other': ['forest', 'meadow', 'farmland', 'mountains'],
  'food-fruit': ['kitchen', 'farmland', 'studio', 'discs'],
  'food-vegetable': ['farmland', 'kitchen', 'studio', 'meadow'],
  'food-prepared': ['kitchen', 'studio', 'village', 'discs'],
  'food-asian': ['kitchen', 'studio', 'discs', 'paper'],
  'food-sweet': ['kitchen', 'studio', 'discs', 'rays'],
  drink: ['kitchen', 'study', 'studio', 'village'],
  dishware: ['kitchen', 'studio', 'antiquity'],
  'place-map': ['space', 'study', 'heights', 'paper'],
  'place-geographic': ['mountains', 'meadow', 'desert', 'forest', 'snowfield'],
  'place-building': ['city', 'village', 'meadow', 'mountains'],
  'place-religious': ['village', 'city', 'mountains', 'meadow'],
  'place-other': ['city', 'village', 'paper', 'meadow'],
  'transport-ground': ['city', 'meadow', 'mountains', 'village', 'desert'],
  'transport-water': ['sea', 'coast', 'underwater', 'paper'],
  'transport-air': ['heights', 'space', 'mountains', 'sea'],
  time: ['study', 'studio', 'discs', 'rays', 'antiquity'],
  'sky-weather': ['heights', 'mountains', 'sea', 'meadow', 'city'],
  space: ['space', 'heights', 'mountains', 'sea'],
  event: ['village', 'city', 'studio', 'rays'],
  'award-medal': ['rays', 'studio', 'city'],
  sport: ['meadow', 'city', 'studio', 'rays'],
  game: ['study', 'discs', 'rays', 'studio'],
  'arts-crafts': ['study', 'studio', 'discs', 'paper'],
  music: ['discs', 'studio', 'rays', 'paper'],
  'musical-instrument': ['studio', 'discs', 'study', 'rays'],
  phone: ['study', 'circuit', 'city', 'studio'],
  computer: ['circuit', 'study', 'studio', 'city'],
  'light-video': ['study', 'studio', 'rays', 'discs'],
  'book-paper': ['study', 'antiquity', 'studio', 'paper'],
  money: ['city', 'study', 'rays', 'studio'],
  mail: ['study', 'village', 'paper'],
  writing: ['study', 'paper', 'antiquity', 'discs'],
  office: ['study', 'city', 'studio', 'discs'],
  lock: ['circuit', 'study', 'studio', 'village'],
  tool: ['studio', 'study', 'village', 'discs'],
  science: ['laboratory', 'cells', 'study', 'circuit'],
  medical: ['laboratory', 'cells', 'studio', 'rays'],
  household: ['study', 'kitchen', 'studio', 'village'],
  'body-parts': ['cells', 'laboratory', 'studio', 'rays'],
  heart: ['rays', 'cells', 'studio', 'heights'],
  clothing: ['studio', 'discs', 'city', 'village'],
  'person-role': ['city', 'study', 'village', 'studio'],
  person: ['village', 'city', 'study', 'meadow'],
  'person-sport': ['meadow', 'mountains', 'city', 'coast'],
  religion: ['antiquity', 'space', 'rays', 'laboratory'],
};

/** Words that set the place by themselves, before the kind of the emoji does. */
const words: readonly (readonly [string, readonly SettingName[]])[] = [
  [
    'sea,ocean,octopus,fish,whale,reef,marine,underwater,tentacle,coral,shark,squid,submarine,diver,diving',
    ['underwater', 'sea', 'coast'],
  ],
  ['ship,sailor,voyage,boat,wave,tide,navy,tsunami', ['sea', 'coast', 'underwater']],
  ['beach,coast,shore,island,sand', ['coast', 'sea', 'desert']],
  [
    'space,planet,mars,venus,jupiter,saturn,neptune,uranus,galaxy,star,moon,orbit,astronaut,universe,rocket,comet,asteroid,cosmos,black hole,astronomy,telescope,satellite,gravity',
    ['space', 'heights', 'mountains'],
  ],
  [
    'sky,weather,cloud,flight,aircraft,airplane,rain,storm,wind,air,atmosphere,climate',
    ['heights', 'mountains', 'sea', 'meadow'],
  ],
  [
    'mountain,volcano,rock,geology,peak,valley,earthquake,lava,hill,climbing',
    ['mountains', 'meadow', 'desert', 'forest'],
  ],
  ['forest,tree,jungle,wood,leaf,mushroom,bear,wolf,fox,oak', ['forest', 'meadow', 'mountains']],
  ['desert,camel,pyramid,egypt,pharaoh,cactus,sahara', ['desert', 'antiquity', 'mountains']],
  ['snow,ice,winter,glacier,arctic,penguin,polar,cold,ski,antarctica', ['snowfield', 'mountains', 'sea']],
  ['farm,crop,wheat,harvest,soil,grain,cow,agriculture,corn,bee,honey', ['farmland', 'meadow', 'village']],
  [
    'city,street,traffic,car,urban,skyscraper,business,bank,market,economy,company,inflation',
    ['city', 'study'],
  ],
  ['village,house,home,neighbour,community,family', ['village', 'meadow', 'study']],
  [
    'rome,roman,greek,greece,ancient,empire,history,philosophy,democracy,temple,civilization,war,king,law',
    ['antiquity', 'village', 'mountains', 'desert'],
  ],
  [
    'cook,kitchen,bread,food,recipe,cake,coffee,tea,flour,meal,oven,cheese,dough',
    ['kitchen', 'studio', 'village'],
  ],
  [
    'laboratory,experiment,chemistry,science,scientist,molecule,research,physics,atom',
    ['laboratory', 'circuit', 'cells', 'study'],
  ],
  [
    'cell,blood,heart,virus,bacterium,body,immune,gene,dna,brain,neuron,disease,vaccine,medicine',
    ['cells', 'laboratory', 'studio'],
  ],
  [
    'computer,internet,software,data,algorithm,robot,network,digital,code,chip,ai,electronic,technology',
    ['circuit', 'study', 'city'],
  ],
  ['sleep,bed,dream,night,insomnia,home', ['study', 'village']],
  ['book,school,write,read,learn,office,desk,library,student,letter', ['study', 'studio', 'antiquity']],
];

const neutral: readonly SettingName[] = ['studio', 'discs', 'rays', 'paper'];

/** Share of the best place's points that another place needs. */
const SUITABLE = 0.5;

/** Places that suit a picture, best first. */
export function rankSettings(
  request: { readonly subject: string; readonly words: readonly string[] },
  matches: readonly Match[],
  random: SeededRandom,
): SettingName[] {
  const score = new Map<SettingName, number>();
  const add = (names: readonly SettingName[], weight: number): void => {
    for (const [rank, name] of names.entries()) {
      score.set(name, (score.get(name) ?? 0) + weight / (1 + 0.45 * rank));
    }
  };
  const named = tokens(request.subject);
  const pairs = named.slice(1).map((word, at) => `${named[at]} ${singular(word)}`);
  const subject = new Set([...named, ...named.map(singular), ...pairs]);
  const passage = new Set(request.words.slice(0, 20).flatMap((word) => tokens(word).map(singular)));
  for (const [list, names] of words) {
    const hits = list.split(',');
    add(names, 2 * hits.filter((word) => subject.has(word)).length);
    add(names, 0.35 * Math.min(2, hits.filter((word) => passage.has(word)).length));
  }
  const hero = matches[0];
  if (hero !== undefined) {
    add(bySubgroup[hero.emoji.subgroup] ?? [], hero.score * 1.2);
  }
  for (const name of random.shuffle(neutral)) {
    score.set(name, (score.get(name) ?? 0) + 0.25);
  }
  const ranked = [...score.entries()].sort((a, b) => b[1] - a[1]);
  const least = (ranked[0]?.[1] ?? 0) * SUITABLE;
  return ranked.filter(([, points]) => points >= least).map(([name]) => name);
}
