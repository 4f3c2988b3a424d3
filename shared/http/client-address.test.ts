import { describe, expect, test } from 'vitest';
import { addressGroup, clientAddress } from './client-address.ts';

describe('the address of a client', () => {
  const from = (forwardedFor: string | undefined, trustedProxies: number, socketAddress = '10.0.0.1') =>
    clientAddress({ socketAddress, forwardedFor, trustedProxies });

  test.each([
    ['nobody is trusted', '203.0.113.7', 0, '10.0.0.1'],
    ['no header', undefined, 1, '10.0.0.1'],
    ['one proxy', '203.0.113.7', 1, '203.0.113.7'],
    ['a client that wrote a header of its own', '1.1.1.1, 203.0.113.7', 1, '203.0.113.7'],
    ['two proxies', '1.1.1.1, 203.0.113.7, 10.0.0.2', 2, '203.0.113.7'],
    ['fewer entries than proxies', '203.0.113.7', 3, '203.0.113.7'],
    ['a port', '203.0.113.7:4711', 1, '203.0.113.7'],
    ['IPv6 with a port', '[2001:DB8::7]:4711', 1, '2001:db8::7'],
    ['IPv4 in IPv6', '::ffff:203.0.113.7', 1, '203.0.113.7'],
    ['no address', 'unknown', 1, '10.0.0.1'],
    ['markup', '<script>', 1, '10.0.0.1'],
    ['nothing', '', 1, '10.0.0.1'],
  ])('%s', (_name, header, proxies, address) => {
    expect(from(header, proxies)).toBe(address);
  });

  test('a socket without an address is one client, not many', () => {
    expect(clientAddress({ socketAddress: undefined, forwardedFor: undefined, trustedProxies: 0 })).toBe(
      'unknown',
    );
  });
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
  ['2001:0db8:0000:0001:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s is counted with %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
