import { describe, expect, it } from 'vitest';
import { createOfflineKeywords } from '#shared/keywords';
import { numbersFrom, testSeed } from '../../../test/seed.ts';
import { createOfflineScriptWriter } from '../offline-script-writer.ts';
import { expectSpoken } from '../testing/script.contract.ts';
import { seededTopics } from '../testing/seeded-topics.ts';

const writer = createOfflineScriptWriter();
const source = createOfflineKeywords();
const { signal } = new AbortController();

async function write(topic: string, seconds = 60) {
  const { subject, keywords } = await source.fetch({ topic, language: 'en', limit: 30, signal });
  const script = await writer.write({ topic, subject, keywords, seconds, language: 'en', signal });
  return { subject, keywords, script, said: script.scenes.map(({ narration }) => narration).join(' ') };
}

describe('topics drawn from WordNet by a seed', () => {
  const seed = testSeed();
  it.each(seededTopics(numbersFrom(seed), 200))(`%s`, async (topic) => {
    const { script, keywords, subject } = await write(topic);
    expectSpoken(script);
    expect(script.plannedSeconds).toBeLessThan(75);
    if (script.plannedSeconds < 45) expect(script.shortened).toMatch(/shorter|no entry/);
    expect(subject).not.toBe('');
    expect(keywords[0]?.score).toBe(1);
    for (const { term, score, why } of keywords) {
      expect(term.trim()).toBe(term);
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(why).toMatch(/\.$/);
    }
    expect(new Set(keywords.map(({ term }) => term.toLowerCase())).size).toBe(keywords.length);
  });
});

describe('what people mean', () => {
  it.each([
    ['Mercury the planet', /Mercury is the smallest planet/],
    ['mercury', /silvery toxic/],
    ['Turkey', /Eurasian republic/],
    ['turkey recipes', /gallinaceous bird/],
    ['Amazon rainforest', /The Amazon is a major South American river/],
    ['chess', /Chess is a board game/],
    ['I love NY', /New York/],
    ['Is the earth flat?', /The earth is the 3rd planet/],
    ['Java programming language', /Java is a platform-independent/],
  ])('%s', async (topic, expected) => {
    expect((await write(topic)).said).toMatch(expected);
  });

  it('a snake is not told of where programming is asked for', async () => {
    const { said } = await write('python programming');
    expect(said).not.toMatch(/boa|snake/i);
    expect(said).toMatch(/sequence of instructions/);
  });

  it.each(['La vie en rose', 'Die Geschichte der Eisenbahn', 'xqzzt', 'bitcoin'])(
    'what the dictionary does not know is said to be unknown: %s',
    async (topic) => {
      const { script, said } = await write(topic);
      expect(said).toContain('has no entry for it');
      expect(script.shortened).toContain('no entry');
      expect(script.scenes).toHaveLength(3);
    },
  );

  it.each([
    ['bats', 'are bats blind'],
    ['Pluto', 'Is Pluto a planet?'],
    ['earth', 'Is the earth flat?'],
    ['baking sourdough bread', 'How to bake sourdough bread'],
    ['telephone', 'Who invented the telephone'],
    ['photosynthesis', 'How does photosynthesis work'],
  ])('the subject is %s where somebody asks: %s', async (expected, topic) => {
    expect((await write(topic)).subject).toBe(expected);
  });
});

describe('how it is said', () => {
  it.each([
    ['How to bake sourdough bread', /^How do you bake sourdough bread\? /],
    ['Why octopuses have three hearts', /^Why octopuses have three hearts: a good place to begin/],
    ['how does photosynthesis work', /^How does photosynthesis work\? .*What is photosynthesis\?$/],
    ['jazz', /How would you explain jazz\?/],
    ['World War II', /What exactly was World War II\?/],
  ])('the opening of %s', async (topic, expected) => {
    expect((await write(topic)).script.scenes[0]?.narration).toMatch(expected);
  });

  it('a question is not said to be answered', async () => {
    expect((await write('Why octopuses have three hearts')).said).toMatch(/The full answer is not in it\.$/);
  });

  it('a short video has no room for frames', async () => {
    const { script } = await write('octopus', 6);
    expect(script.plannedSeconds).toBeLessThan(9);
  });
});
