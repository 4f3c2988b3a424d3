import type { Frame } from './frame.ts';

/**
 * Why a connection is ended from this side:
 * - `too-slow` he took too little for too long, or gave no sign of life;
 * - `token-expired`, `session-ended`;
 * - `shutting-down` this process is;
 * - `unavailable` what he asked for cannot be read now.
 */
export const endReasons = [
  'too-slow',
  'token-expired',
  'session-ended',
  'shutting-down',
  'unavailable',
] as const;

/** Why somebody hears no more: he `left` himself, or was ended. */
export type EndReason = 'left' | (typeof endReasons)[number];

/** The other side of a connection, through whatever door. */
export interface Peer {
  /** Bytes that wait here because it has not taken them. */
  readonly waiting: number;
  send(frame: Frame): void;
  /** Closes the connection; called once, and not where the other side closed it. */
  end(why: Exclude<EndReason, 'left'>): void;
}

/** Who listens. */
export interface Listener {
  readonly account: string;
  /** It ends with this session. */
  readonly session?: string | undefined;
  /** Of the token. */
  readonly expiresAt: Date;
  /** The position after which he goes on; from now on where left out. */
  readonly after?: bigint | undefined;
}
