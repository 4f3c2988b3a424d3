import { createOutbound } from '#shared/outbound';
import type { PortMaker } from './make-ports.ts';

export const outbound: PortMaker<'outbound'> = ({ outboundAllow }) =>
  createOutbound({ allow: outboundAllow });
