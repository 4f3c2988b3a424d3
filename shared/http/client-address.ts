import { isIP, isIPv6 } from 'node:net';

/**
 * The address that a request came from.
 *
 * `X-Forwarded-For` is written by anybody; only the entries that our own proxies appended can be believed. With
 * `trustedProxies` = n the n-th entry from the right is the client, because each proxy appends the peer that it
 * saw. With 0 the header is not read.
 */
export function clientAddress({
  socketAddress,
  forwardedFor,
  trustedProxies,
}: {
  socketAddress: string | undefined;
  forwardedFor: string | undefined;
  trustedProxies: number;
}): string {
  const direct = plain(socketAddress ?? '') ?? 'unknown';
  if (trustedProxies === 0 || forwardedFor === undefined) return direct;
  const entries = forwardedFor.split(',').map((entry) => plain(withoutPort(entry.trim())));
  return entries.at(-Math.min(trustedProxies, entries.length)) ?? direct;
}

/**
 * The key that requests of one client are counted under. One customer holds at least a /64 of IPv6 (RFC 6177),
 * so counting single addresses there would count nothing.
 */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}

/** The address without IPv4's mapping into IPv6; undefined when it is none. */
function plain(address: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  return isIP(mapped) === 0 ? undefined : mapped.toLowerCase();
}

function withoutPort(entry: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry)?.[1] ?? entry;
}
