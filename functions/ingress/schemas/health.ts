import { z } from '@hono/zod-openapi';

export const health = z
  .object({ status: z.literal('ok'), version: z.string() })
  .openapi('Health', { example: { status: 'ok', version: '0.1.0' } });

export const readiness = z
  .object({ status: z.enum(['ready', 'not-ready']), checks: z.record(z.string(), z.string()) })
  .openapi('Readiness', { example: { status: 'ready', checks: { ledger: 'ok' } } });
