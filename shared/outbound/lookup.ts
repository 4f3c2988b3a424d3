import { lookup } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Permanent } from '#shared/errors';
import type { AddressRule } from './addresses.ts';

/** Somebody waits. */
const CHECK_MS = 2_000;

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Whether an address names no host but a number, which may not be asked. */
export function isRefusedAddress(url: URL, rule: AddressRule): boolean {
  const host = hostOf(url);
  return isIP(host) !== 0 && !rule.permits(host);
}

/** @throws Permanent `outbound-address-refused` for what leads into a network that is not public, as far as it is known now */
export async function checkHost(url: URL, rule: AddressRule): Promise<void> {
  const found = lookUp(hostOf(url), { all: true }).catch(() => []);
  const addresses = await Promise.race([found, pause(CHECK_MS, [], { ref: false })]);
  if (!addresses.every(({ address }) => rule.permits(address))) throw refusedAddress();
}

/** Gives out only addresses that may be asked; a name with one that may not is refused whole. */
export function permittedLookup(rule: AddressRule): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => rule.permits(address)))
        return done(refusedAddress(), '');
      if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

export function refusedAddress(): Permanent {
  return new Permanent(
    'outbound-address-refused',
    'The address leads into a network that is not public; the operator may name it in OUTBOUND_ALLOW.',
    { field: 'url' },
  );
}
