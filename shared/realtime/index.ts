/** What people hear at once: told in a transaction, kept for two days with a position for each, carried to every replica. */
export { amend } from './amend.ts';
export type { Lasting } from './define-frame.ts';
export { type Frame, type FrameBody, frameOf, positionOf } from './frame.ts';
export { createMovingRuns, type MovingRuns } from './moving-runs.ts';
export { createNotices, type Notices } from './notices.ts';
export type { EndReason, Listener, Peer } from './peer.ts';
export { type FrameType, protocol } from './protocol.ts';
export { announce, type News, publish } from './publish.ts';
export { createRealtime, type Realtime } from './realtime.ts';
export { retract } from './retract.ts';
export { MOST_WAITING } from './seat.ts';
export { createTickets, type TicketHolder, type Tickets } from './tickets.ts';
