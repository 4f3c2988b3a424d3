import { WAKE_UP } from '../../wake-up.ts';
import type { HostWorld } from '../host-world.ts';

export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** One way to serve the receiver of a world. */
export interface ServedHost {
  send(request: Sending): Promise<Answered>;
  stop(): Promise<void>;
}

/** What a part of the contract is told about: a world, and the host that serves its receiver. */
export interface ServedWorld {
  readonly world: HostWorld;
  readonly host: ServedHost;
  /** A POST to the root, unless told otherwise. */
  send(request: Sending): Promise<Answered>;
}

/** The n-th wake-up of a delivery, in binary mode. */
export const wakeUp = (delivery: string, n = 1): Sending => ({
  headers: {
    'ce-specversion': '1.0',
    'ce-id': `${delivery}.${n}`,
    'ce-source': 'urn:millrace:wake-up',
    'ce-type': WAKE_UP,
    'ce-function': 'only-step',
  },
});
