import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, type ModelMessage } from 'ai';
import { Permanent } from '#shared/errors';
import { type Script, script } from '#shared/events';
import { countWords, shorten } from '#shared/text';
import { createPace, shortenedNotice } from '../pace.ts';
import type { ScriptWriter } from '../port.ts';
import { hideSecret } from './hide-secret.ts';
import { limitedFetch } from './limited-fetch.ts';
import { modelFailure } from './model-failure.ts';
import { INSTRUCTIONS, question } from './prompt.ts';
import { type Draft, readDraft } from './read-draft.ts';

export interface ModelOptions {
  /** Where the OpenAI chat completions protocol is spoken: `https://api.example.org/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The model's name at that address. */
  readonly model: string;
  /** For one answer; a script takes two at most. */
  readonly timeoutMs: number;
  /** For one answer. */
  readonly maxOutputTokens: number;
}

/** As events.yaml calls it: its limit and its brake are its own, whoever is behind the address. */
const PROVIDER = 'language-model';

/**
 * Writes scripts with a language model behind the OpenAI chat completions protocol. An answer that is no valid
 * script, or holds numbers or quotations that the maker's text does not, is sent back once with what is wrong.
 *
 * @throws Permanent `model-refused` (wrong key, model or request), `model-answer-invalid` (twice);
 *   Transient `model-unavailable`, `model-busy` (with the wait it asks for), `model-timeout`
 */
export function createModelScriptWriter(options: ModelOptions): ScriptWriter {
  const provider = createOpenAICompatible({
    name: PROVIDER,
    baseURL: options.baseUrl.replace(/\/+$/, ''),
    apiKey: options.apiKey,
    fetch: limitedFetch,
  });
  const ask = async (messages: ModelMessage[], signal: AbortSignal): Promise<string> => {
    const limit = AbortSignal.timeout(options.timeoutMs);
    try {
      const answer = await generateText({
        model: provider.chatModel(options.model),
        system: INSTRUCTIONS,
        messages,
        maxOutputTokens: options.maxOutputTokens,
        temperature: 0.4,
        // The ledger is the one retry machine.
        maxRetries: 0,
        abortSignal: AbortSignal.any([signal, limit]),
      });
      // A peer that puts the key into its answer would have it stored, spoken and shown.
      return hideSecret(answer.text, options.apiKey);
    } catch (error) {
      signal.throwIfAborted();
      throw modelFailure(error, {
        isTimeout: limit.aborted,
        timeoutMs: options.timeoutMs,
        model: options.model,
        secret: options.apiKey,
      });
    }
  };
  return {
    provider: PROVIDER,
    async write(request) {
      request.signal.throwIfAborted();
      const messages: ModelMessage[] = [{ role: 'user', content: question(request) }];
      const first = await ask(messages, request.signal);
      const tried = readDraft(first, sourceOf(request));
      if (tried.draft !== undefined) return finish(tried.draft, request, options.model);
      messages.push(
        { role: 'assistant', content: shorten(first, 20_000) || '(empty)' },
        {
          role: 'user',
          content: `That is not a valid script: ${tried.problem}. Answer again with the corrected JSON object only.`,
        },
      );
      const second = readDraft(await ask(messages, request.signal), sourceOf(request));
      if (second.draft !== undefined) return finish(second.draft, request, options.model);
      throw new Permanent(
        'model-answer-invalid',
        `The model "${options.model}" answered twice with no valid script (${second.problem}). ` +
          `Choose another model, raise MODEL_MAX_TOKENS (${options.maxOutputTokens}), or set LANGUAGE_MODEL=offline.`,
      );
    },
  };
}

/** Where every number and quotation must come from: the maker's text with its title, if there is one. */
function sourceOf({ text, title }: Parameters<ScriptWriter['write']>[0]): string | undefined {
  return text === undefined ? undefined : `${title ?? ''}\n${text}`;
}

function finish(written: Draft, request: Parameters<ScriptWriter['write']>[0], model: string): Script {
  const last = written.scenes.length - 1;
  const words = written.scenes.reduce((sum, scene) => sum + countWords(scene.narration), 0);
  const planned = createPace(request.wordsPerMinute).secondsFor(words);
  const shortened = shortenedNotice({ planned, asked: request.seconds, source: 'The model’s script' });
  return script.parse({
    title: shorten(request.title ?? written.title, 100),
    language: request.language,
    scenes: written.scenes.map((scene, index) => ({
      key: `scene-${String(index + 1).padStart(3, '0')}`,
      role: index === 0 ? 'hook' : index === last ? 'close' : 'scene',
      ...scene,
    })),
    sources: [
      ...(request.text === undefined
        ? []
        : [{ title: 'Text: the maker of this video', licence: 'Own work' }]),
      {
        title: `Written by the language model ${shorten(model, 200)}`,
        licence: 'As the model’s provider grants',
      },
    ],
    requestedSeconds: request.seconds,
    plannedSeconds: planned,
    ...(shortened === undefined ? {} : { shortened }),
  });
}
