import { z } from '@hono/zod-openapi';
import type { Auth } from '#shared/auth';
import { defineRoute, type Route } from '../route.ts';

const keySet = z.object({ keys: z.array(z.record(z.string(), z.string())) }).openapi('KeySet', {
  description: 'Public keys (RFC 7517, RFC 8037).',
  example: {
    keys: [
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        kid: 'jlp5G13waC3xH16AQ_zHFHzTvG_JJDHF',
        alg: 'EdDSA',
        use: 'sig',
      },
    ],
  },
});

export function publishedKeysRoute({ auth }: { auth: Auth }): Route {
  return defineRoute({
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'publishedKeys',
    tag: 'Documents',
    summary: 'The keys that tokens are verified with',
    access: 'public',
    rate: 'free',
    responses: { 200: { description: 'The keys.', schema: keySet } },
    handle: async ({ c }) => c.json(await auth.jwks(), 200, { 'Cache-Control': 'public, max-age=300' }),
  });
}
