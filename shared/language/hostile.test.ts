import { describe, expect, it } from 'vitest';
import { MillraceError } from '#shared/errors';
import { createOfflineKeywords } from '#shared/keywords';
import { createOfflineScriptWriter } from './offline-script-writer.ts';
import { hostileScripts, hostileTopics } from './testing/hostile.ts';
import { expectSound } from './testing/script.contract.ts';

const writer = createOfflineScriptWriter();
const source = createOfflineKeywords();
const { signal } = new AbortController();

/** The script, or the code of the permanent error that refuses it. */
async function outcomeOf(given: { topic: string } | { text: string }) {
  try {
    const { subject, keywords } = await source.fetch({ ...given, language: 'en', limit: 30, signal });
    expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    return await writer.write({ ...given, subject, keywords, seconds: 60, language: 'en', signal });
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    expect(error.kind).toBe('permanent');
    expect(error.message).toMatch(/[A-Z].*\.$/s);
    return error.code;
  }
}

describe('hostile topics', () => {
  it.each(hostileTopics)('%s', async (_, topic) => {
    const script = await outcomeOf({ topic });
    if (typeof script === 'string') return expect(script).toBe('language-unsupported');
    expectSound(script);
    for (const { narration } of script.scenes) {
      expect(narration).not.toMatch(/[<>{}[\]|`$\\]|\.\.\/|\/etc\//);
      expect(narration.length).toBeLessThan(1_000);
    }
    expect(script.title.length).toBeLessThanOrEqual(100);
  });
});

describe('hostile scripts', () => {
  it.each(hostileScripts)(
    '%s',
    async (_, text) => {
      const script = await outcomeOf({ text });
      if (typeof script === 'string')
        return expect(script).toMatch(/^(?:script-empty|language-unsupported)$/);
      expectSound(script);
      const said = script.scenes.map(({ narration }) => narration).join(' ');
      expect(said).not.toContain('never');
      if (text.includes('sea is deep')) expect(said).toContain('sea is deep');
      expect(said.length).toBeLessThan(10_000);
    },
    15_000,
  );
});
