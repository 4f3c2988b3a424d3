/** A chunk of its own in the bundle. */
export { openQueues } from '#shared/queue';
export { createSqsTransport } from '#shared/transport';
