import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressRule } from './addresses.ts';
import { createOutbound } from './index.ts';
import { readUrl } from './outbound.ts';

/** What the peer does with a path, and how often it was asked. */
let asked: string[] = [];
let home = '';
const peer = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://peer');
  asked.push(pathname);
  switch (pathname) {
    case '/to':
      response.writeHead(302, { location: searchParams.get('url') ?? '' }).end();
      return;
    case '/round':
      response.writeHead(307, { location: '/round' }).end();
      return;
    case '/large':
      response.writeHead(200);
      for (let piece = 0; piece < 100; piece += 1) response.write('x'.repeat(1_000));
      response.end();
      return;
    case '/said-large':
      response.writeHead(200, { 'content-length': '1000000000' }).write('x');
      return;
    case '/packed':
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
      return;
    case '/slow':
      response.writeHead(200).write('x');
      return;
    case '/cut':
      response.writeHead(200, { 'content-length': '10' }).write('x');
      setTimeout(() => response.destroy(), 20);
      return;
    default:
      response.writeHead(200, { etag: '"1"' }).end(JSON.stringify(request.headers));
  }
});
beforeAll(async () => {
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  home = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
});
afterAll(() => {
  peer.closeAllConnections();
  peer.close();
});

const here = createOutbound({ allow: ['127.0.0.1'] });
const nowhere = createOutbound({ allow: [] });
const ask = (
  url: string,
  { outbound = here, timeoutMs = 10_000, signal = new AbortController().signal } = {},
) => outbound.get({ url, maxBytes: 50_000, timeoutMs, signal });
const failure = (code: string) => expect.objectContaining({ code });

describe('an address that people give', () => {
  it.each([
    ...[
      '127.0.0.1',
      '127.8.8.8',
      '0.0.0.0',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
    ],
    ...[
      '192.0.0.1',
      '198.18.0.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
    ],
    ...[
      'fd00:ec2::254',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '::127.0.0.1',
      '::7f00:1',
      '::a9fe:a9fe',
      'fec0::1',
      '4000::1',
    ],
    ...['2001::1', '2001:db8::1', 'no address', ''],
  ])('%s is not permitted', (address) => {
    expect(addressRule([]).permits(address)).toBe(false);
  });

  it.each(['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111', '::ffff:1.1.1.1'])('%s is', (address) => {
    expect(addressRule([]).permits(address)).toBe(true);
  });

  it('may be one that the operator named, and no other', () => {
    const { permits } = addressRule(['10.1.0.0/16', '::1', '192.168.7.7']);
    expect(['10.1.2.3', '::1', '192.168.7.7', '::ffff:10.1.2.3'].every(permits)).toBe(true);
    expect(['10.2.0.1', '192.168.7.8', 'fe80::1'].some(permits)).toBe(false);
    expect(() => addressRule(['10.1.0.0/99'])).toThrow(failure('outbound-allow-invalid'));
  });

  it.each([
    ...[
      'ftp://example.org/',
      'file:///etc/passwd',
      'gopher://x/',
      'javascript:1',
      'example.org',
      '',
      'http://',
    ],
    ...[
      'http://me:secret@example.org/',
      'http://example.org:22/',
      'http://example.org:25/',
      `http://x/${'a'.repeat(2_000)}`,
    ],
  ])('%j is refused by its text', (url) => {
    expect(() => readUrl(url)).toThrow(failure('outbound-url-invalid'));
  });

  it('may begin as programs that subscribe write it', () => {
    expect(readUrl('webcal://example.org/a.ics#x').href).toBe('https://example.org/a.ics');
  });
});

describe('asking', () => {
  it('never connects into a private network, however that is written', async () => {
    const { port } = new URL(home);
    asked = [];
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0x7f.1',
      '0',
    ]) {
      const url = `http://${host}:${port}/`;
      await expect(ask(url, { outbound: nowhere })).rejects.toThrow(failure('outbound-address-refused'));
      await expect(nowhere.check(url)).rejects.toThrow(failure('outbound-address-refused'));
    }
    expect((await here.check(`${home}/#x`)).href).toBe(`${home}/`);
    expect(asked).toEqual([]);
  });

  it('follows to where it may, looking at each address anew', async () => {
    const { status, body, url, headers } = await ask(`${home}/to?url=${encodeURIComponent(`${home}/end`)}`);
    expect([status, url, headers.etag]).toEqual([200, `${home}/end`, '"1"']);
    expect(JSON.parse(body.toString())).toMatchObject({ 'accept-encoding': 'identity' });
    for (const [target, code] of [
      ['http://127.0.0.2:8080/', 'outbound-address-refused'],
      ['http://169.254.169.254/latest/meta-data/', 'outbound-address-refused'],
      ['http://[::1]/', 'outbound-address-refused'],
      ['file:///etc/passwd', 'outbound-url-invalid'],
    ] as const)
      await expect(ask(`${home}/to?url=${encodeURIComponent(target)}`)).rejects.toThrow(failure(code));
  });

  it.each([
    ['/round', 'outbound-redirects'],
    ['/large', 'outbound-too-large'],
    ['/said-large', 'outbound-too-large'],
    ['/packed', 'outbound-encoding'],
    ['/cut', 'outbound-unreachable'],
  ])('%s ends with %s', async (path, code) => {
    await expect(ask(home + path)).rejects.toThrow(failure(code));
  });

  it('ends when its time is up, and at once when it is told to', async () => {
    await expect(ask(`${home}/slow`, { timeoutMs: 200 })).rejects.toThrow(failure('outbound-too-slow'));
    const controller = new AbortController();
    const reason = new Error('nobody wants it any more');
    const asking = ask(`${home}/slow`, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 100);
    await expect(asking).rejects.toBe(reason);
    await expect(ask('http://127.0.0.1:1/')).rejects.toThrow(failure('outbound-url-invalid'));
    await expect(ask('http://127.0.0.1:65530/')).rejects.toThrow(failure('outbound-unreachable'));
  });
});
