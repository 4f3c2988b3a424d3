import ipaddr from 'ipaddr.js';
import { Permanent } from '#shared/errors';

/** Which addresses may be asked, beside those that the whole internet reaches. */
export interface AddressRule {
  /** @param address an IP address as text */
  permits(address: string): boolean;
}

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Permits public unicast addresses, and networks that the operator names. Loopback, private, link-local (metadata
 * services), shared, multicast and reserved ones are not, nor what maps or tunnels to one of them.
 *
 * @param allow networks (`10.1.0.0/16`, `::1/128`) and single addresses
 * @throws Permanent `outbound-allow-invalid`
 */
export function addressRule(allow: readonly string[]): AddressRule {
  const ranges = allow.map(rangeOf);
  return {
    permits(text) {
      if (!ipaddr.isValid(text)) return false;
      // `process`: an IPv4 address within an IPv6 one is looked at as what it is.
      const address = ipaddr.process(text);
      const isAllowed = ranges.some(
        ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
      );
      return isAllowed || (address.range() === 'unicast' && isGiven(address));
    },
  };
}

/** Of IPv6 no more than 2000::/3 was ever given to anybody (IANA): the rest was something else once (`::10.0.0.1`), or may be. */
const GIVEN = ipaddr.IPv6.parse('2000::');

function isGiven(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv4 || address.match(GIVEN, 3);
}

function rangeOf(text: string): Range {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch (cause) {
    throw new Permanent(
      'outbound-allow-invalid',
      `OUTBOUND_ALLOW holds ${JSON.stringify(text.slice(0, 60))}, which is no network; write one such as 10.1.0.0/16.`,
      { cause },
    );
  }
}
