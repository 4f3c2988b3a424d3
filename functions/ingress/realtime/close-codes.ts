import type { EndReason } from '#shared/realtime';

/** Why the WebSocket is closed by the server: RFC 6455, section 7.4; from 4000 on the codes are this interface's own. */
export const endCodes: Readonly<Record<Exclude<EndReason, 'left'>, CloseCode>> = {
  'shutting-down': {
    code: 1012,
    why: 'this process shuts down',
    next: 'connect again, with the cursor',
  },
  unavailable: {
    code: 1013,
    why: 'what you ask for cannot be read now',
    next: 'the same, later',
  },
  'too-slow': {
    code: 4001,
    why: 'you took too little: a megabyte waited, or more than 64 KB for half a minute',
    next: 'the same; you miss nothing',
  },
  'token-expired': { code: 4002, why: 'the token expired', next: 'the same, with a new token' },
  'session-ended': { code: 4003, why: 'the session ended', next: 'sign in' },
};

/** What the client did against the protocol. */
export const faultCodes = {
  'binary-frame': { code: 1003, why: 'bytes came from you', next: 'mend the client' },
  'frame-invalid': { code: 1007, why: 'no JSON came from you', next: 'mend the client' },
  'frames-too-many': {
    code: 1008,
    why: 'more than 50 frames in 10 s came from you',
    next: 'mend the client',
  },
  'frame-too-large': { code: 1009, why: 'more than 4 KB came from you', next: 'mend the client' },
} as const satisfies Readonly<Record<string, CloseCode>>;

export interface CloseCode {
  readonly code: number;
  /** For people, as docs/realtime.md and the AsyncAPI document say it. */
  readonly why: string;
  /** What a client does then. */
  readonly next: string;
}

/** All of them, in the order of the pages. */
export const closeCodes: readonly CloseCode[] = [...Object.values(endCodes), ...Object.values(faultCodes)];
