import { describe, expect, it } from 'vitest';
import { associations } from './associations/associations.ts';
import { chooseEmojis } from './choose-emojis.ts';
import { readEmojiSet } from './emoji-set.ts';
import { singular } from './tokens.ts';

const set = readEmojiSet();
const best = (subject: string, words: readonly string[] = []): string | undefined =>
  chooseEmojis(set, { subject, words })[0]?.emoji.label;

describe('chooseEmojis', () => {
  it.each(
    `octopus: octopus
    octopuses: octopus
    Why octopuses have three hearts: octopus
    volcano: volcano
    volcanoes: volcano
    bread: bread
    sourdough bread: bread
    moon: full moon
    computer: laptop
    tree: deciduous tree
    oak: deciduous tree
    money: money bag
    heart: red heart
    train: high-speed train
    winter: snowflake
    sparrow: bird
    trout: fish
    lemurs: monkey
    photosynthesis: seedling
    black holes: hole
    Roman Empire: classical building
    the history of coffee: hot beverage
    bicycle: bicycle
    vaccines: syringe
    penguins: penguin
    polar bears: polar bear
    guitar: guitar
    castles: castle
    democracy: classical building
    sleep: person in bed
    gravity: red apple
    elephant: elephant
    violin: violin
    mushrooms: mushroom
    chess: chess pawn
    glaciers: ice
    hydrogen: atom symbol
    kangaroos: kangaroo
    jellyfish: jellyfish
    rainbows: rainbow
    clouds: cloud
    tea: teapot
    ants: ant
    jazz: saxophone
    friendship: handshake
    inflation: chart increasing
    flying: airplane
    brain: brain
    blood: drop of blood
    bees: honeybee
    honey: honey pot
    DNA: dna
    robots: robot
    Mars: ringed planet
    rockets: rocket
    earthquake: derelict house
    dinosaurs: t-rex
    sunflowers: sunflower
    pizza: pizza
    cheese: cheese wedge
    books: books
    justice: balance scale
    electricity: high voltage
    wolves: wolf
    mice: mouse
    butterflies: butterfly
    strawberries: strawberry
    cars: automobile
    ships: ship
    cities: office building
    music: musical notes
    football: soccer ball`
      .split('\n')
      .map((line) => line.trim().split(': ') as [string, string]),
  )('shows %s by "%s"', (subject, label) => {
    expect(best(subject)).toBe(label);
  });

  it('takes the passage where the subject names nothing to show', () => {
    expect(best('Qxzv', ['harbour', 'shark'])).toBe('shark');
  });

  it.each([
    '',
    'zxqv',
    '为什么',
    '🔥',
    '\u0000\u202e',
    '12345',
    'of the and',
    '<svg onload=x>',
    '__proto__ constructor',
  ])('answers hostile or empty words without a guess of its own: %j', (subject) => {
    const matches = chooseEmojis(set, { subject, words: [subject] });
    expect(matches.every(({ score }) => Number.isFinite(score))).toBe(true);
  });

  it('keeps up with an endless subject', () => {
    expect(chooseEmojis(set, { subject: 'octopus '.repeat(50_000), words: [] })[0]?.emoji.label).toBe(
      'octopus',
    );
  });

  it('curates only pictures that the set holds', () => {
    const unknown = [...associations.values()].flat().filter((label) => set.byLabel(label) === undefined);
    expect(unknown).toEqual([]);
  });
});

describe('singular', () => {
  it.each([
    ['octopuses', 'octopus'],
    ['viruses', 'virus'],
    ['horses', 'horse'],
    ['houses', 'house'],
    ['potatoes', 'potato'],
    ['cherries', 'cherry'],
    ['boxes', 'box'],
    ['glass', 'glass'],
    ['shoes', 'shoe'],
    ['bees', 'bee'],
    ['bus', 'bus'],
    ['leaves', 'leaf'],
  ])('%s → %s', (many, one) => {
    expect(singular(many)).toBe(one);
  });
});
