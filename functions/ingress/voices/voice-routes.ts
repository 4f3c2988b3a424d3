import { z } from '@hono/zod-openapi';
import type { UrlSigner } from '#shared/auth';
import type { Clock } from '#shared/function';
import { notFound, quote } from '#shared/http';
import type { Speech } from '#shared/speech';
import { linkExpiry } from '../pipelines/artifact-view.ts';
import { signedLinkQuery } from '../request/signed-link.ts';
import { defineRoute, type Route } from '../route.ts';
import { encodeWave } from './encode-wave.ts';

const SAMPLE_TEXT = 'This is how I sound. An octopus has three hearts, and I could tell you why.';
const SAMPLE_LIMIT_MS = 20_000;

const exampleVoice = {
  id: 'slt',
  name: 'SLT',
  language: 'en-US',
  gender: 'female',
  provider: 'flite',
  sample: '/tts/voices/slt/sample?expires=1767326400&signature=Zk1v',
} as const;

const voice = z
  .object({
    id: z.string(),
    name: z.string(),
    language: z.string(),
    gender: z.enum(['female', 'male', 'neutral']),
    provider: z.string(),
    sample: z.string().openapi({ description: 'Signed link to a few spoken words (WAV); needs no token.' }),
  })
  .openapi('Voice', { example: exampleVoice });

const voiceList = z.object({ voices: z.array(voice) }).openapi({ example: { voices: [exampleVoice] } });

/** The voices that can narrate, and how each sounds. */
export function voiceRoutes({
  speech,
  signer,
  clock,
}: {
  speech: Speech;
  signer: UrlSigner;
  clock: Clock;
}): Route[] {
  const samples = new Map<string, Promise<Buffer>>();

  /** Spoken once in the life of this process. */
  function sampleOf(id: string): Promise<Buffer> {
    const kept = samples.get(id);
    if (kept !== undefined) return kept;
    const made = speech
      .speak({ text: SAMPLE_TEXT, voice: id, signal: AbortSignal.timeout(SAMPLE_LIMIT_MS) })
      .then(encodeWave);
    samples.set(id, made);
    made.catch(() => samples.delete(id));
    return made;
  }

  const list = defineRoute({
    method: 'get',
    path: '/tts/voices',
    operationId: 'listVoices',
    tag: 'Calls',
    summary: 'List the voices',
    access: 'token',
    rate: 'counted',
    responses: {
      200: { description: 'Each with a sample to play.', schema: voiceList },
    },
    async handle({ c }) {
      const voices = (await speech.voices()).map(async ({ id, name, language, gender, provider }) => {
        const path = `/tts/voices/${encodeURIComponent(id)}/sample`;
        const sample = await signer.sign({ method: 'GET', path, expiresAt: linkExpiry(clock.now()) });
        return { id, name, language, gender, provider, sample };
      });
      return c.json({ voices: await Promise.all(voices) }, 200);
    },
  });

  const sample = defineRoute({
    method: 'get',
    path: '/tts/voices/{voice}/sample',
    operationId: 'readVoiceSample',
    tag: 'Calls',
    summary: 'Hear a voice',
    access: 'link',
    rate: 'counted',
    params: z.object({ voice: z.string().openapi({ description: 'Id of a voice.', example: 'slt' }) }),
    query: signedLinkQuery,
    responses: {
      200: { description: 'A few spoken words.', type: 'audio/wav' },
      404: { description: 'There is no such voice.' },
    },
    async handle({ c, params }) {
      const known = await speech.voices();
      if (!known.some(({ id }) => id === params.voice)) throw notFound(`voice ${quote(params.voice)}`);
      const bytes = await sampleOf(params.voice);
      return c.body(new Uint8Array(bytes), 200, {
        'Content-Type': 'audio/wav',
        'Content-Length': String(bytes.length),
        'Cache-Control': 'private, max-age=3600',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      });
    },
  });

  return [list, sample];
}
