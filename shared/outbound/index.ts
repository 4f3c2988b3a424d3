/** Requests to addresses that people give us: never into private networks, and bounded in time and size. */
export { createOutbound, type Outbound, type OutboundAnswer } from './outbound.ts';
