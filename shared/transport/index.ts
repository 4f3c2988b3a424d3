/** Transports carry wake-ups and nothing else: a lost one delays work, never loses it. */
export { openBrokerTransport } from './broker/open-broker.ts';
export { createWakeUpPost, type PostWakeUp } from './broker/post-wake-up.ts';
export { createPostgresTransport } from './postgres/postgres-transport.ts';
export { createSqsTransport } from './sqs/sqs-transport.ts';
export type { ListenOptions, Transport } from './transport.ts';
