import { createOutbound } from '#shared/outbound';
import { createPushKey, createWebPush } from '#shared/push';
import type { PortMaker } from './make-ports.ts';

/** Browsers subscribe with the key that the front door made: one that is not there is never made here. */
export const webPush: PortMaker<'webPush'> = ({ push: { keysFolder, contact }, outboundAllow }) =>
  createWebPush({
    key: createPushKey({ keysFolder, use: 'given', contact, clock: { now: () => new Date() } }),
    outbound: createOutbound({ allow: outboundAllow }),
  });
