import { networks, whole, yesOrNo } from '../readers.ts';
import { variable } from './variable.ts';

/** What is allowed to whom: keys, rates, proxies and networks. */
export const safety = {
  KEY_ROTATION_DAYS: variable({
    read: whole({ min: 2, max: 3_650 }),
    otherwise: 90,
    rule: 'a whole number from 2 to 3650',
    about:
      'Days after which the next key signs tokens; keys that are mounted are rotated by hand. Default 90.',
  }),
  RATE_LIMIT: variable({
    read: whole({ min: 1, max: 10_000_000 }),
    otherwise: 100,
    rule: 'a whole number from 1 to 10000000',
    about:
      'Requests a minute for one address, counted by each process: with two pods it may ask up to twice as often. Default 100.',
  }),
  TRUST_PROXY: variable({
    read: yesOrNo,
    otherwise: false,
    rule: 'true or false',
    about: 'Set to true behind a reverse proxy that sets X-Forwarded-For. Default false.',
  }),
  OUTBOUND_ALLOW: variable({
    read: networks,
    otherwise: [],
    rule: 'networks like 10.1.0.0/16,::1/128',
    about:
      'Networks that calendar feeds and push services may lie in although they are not public. Default: none.',
  }),
};
