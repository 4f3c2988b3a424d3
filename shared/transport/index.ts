/** Transports carry wake-ups and nothing else: a lost one delays work, never loses it. */
export { createPostgresTransport } from './postgres-transport.ts';
export type { Transport } from './transport.ts';
