import type { PushKeys } from './encrypt.ts';

/** A push for one browser. */
export interface Push {
  readonly endpoint: string;
  readonly keys: PushKeys;
  /** At most 3,993 bytes of UTF-8; the push service cannot read it. */
  readonly message: string;
  /** Of those with the same topic that wait for a browser, the last alone arrives: 1 to 32 letters of base64url. */
  readonly topic: string;
  /** How long the push service keeps it for a browser that is away, in seconds. */
  readonly ttlSeconds: number;
  readonly urgency: 'normal' | 'high';
  readonly signal: AbortSignal;
}

export type PushAnswer =
  | { readonly state: 'taken' }
  /** The browser has unsubscribed; it never comes back. */
  | { readonly state: 'gone' }
  /** The push service says no to this push, or its address is none that is called. */
  | { readonly state: 'refused'; readonly why: string };

/** Tells browsers (RFC 8030). */
export interface WebPush {
  /** @throws Transient `push-later`, and what `outbound` throws; Permanent `push-too-large` */
  send(push: Push): Promise<PushAnswer>;
}
