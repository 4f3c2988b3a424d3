import { describe, expect, it } from 'vitest';
import { createOfflineKeywords } from '#shared/keywords';
import { testSeed } from '../../../test/seed.ts';
import { createOfflineScriptWriter } from '../offline-script-writer.ts';
import { expectSpoken } from '../testing/expect-sound.ts';
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
  it.each(seededTopics(seed, 200))(`%s`, async (topic) => {
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
