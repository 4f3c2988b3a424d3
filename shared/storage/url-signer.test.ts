import { describe, expect, it } from 'vitest';
import { encodeKey } from './key.ts';
import { createUrlSigner, type IncomingRequest } from './url-signer.ts';

const start = new Date('2026-11-21T12:00:00Z');
let now = start;
const signer = createUrlSigner({ secret: 'a secret of thirty-two bytes or so', clock: { now: () => now } });
const path = `/objects/${encodeKey('runs/1/scène 1 & 2.mp4')}`;
const expiresAt = new Date('2026-11-21T12:10:00Z');

function request(url: string, more: Partial<IncomingRequest> = {}): IncomingRequest {
  const parsed = new URL(url, 'http://localhost');
  return { method: 'GET', path: parsed.pathname, query: parsed.searchParams, ...more };
}

describe('signed URLs', () => {
  it('allow what was signed, until it expires', () => {
    now = start;
    const url = signer.sign({ method: 'GET', path, expiresAt });
    expect(signer.verify(request(url))).toEqual({ method: 'GET', path, expiresAt });
    expect(signer.verify(request(url, { method: 'HEAD' }))).toMatchObject({ method: 'GET' });
    now = new Date(expiresAt.getTime() - 1);
    expect(signer.verify(request(url))).toMatchObject({ path });
    now = expiresAt;
    expect(() => signer.verify(request(url))).toThrow(expect.objectContaining({ code: 'signature-expired' }));
  });

  it('bind an upload to its type and length', () => {
    now = start;
    const url = signer.sign({ method: 'PUT', path, expiresAt, contentType: 'video/mp4', contentLength: 10 });
    const upload = { method: 'PUT', contentType: 'video/mp4', contentLength: 10 };
    expect(signer.verify(request(url, upload))).toMatchObject({
      contentType: 'video/mp4',
      contentLength: 10,
    });
    for (const other of [{ contentType: 'text/html' }, { contentLength: 11 }, { contentLength: undefined }]) {
      expect(() => signer.verify(request(url, { ...upload, ...other }))).toThrow(
        expect.objectContaining({ code: 'signature-invalid' }),
      );
    }
  });

  const good = signer.sign({ method: 'GET', path, expiresAt });
  const put = signer.sign({ method: 'PUT', path, expiresAt, contentType: 'video/mp4', contentLength: 10 });
  it.each([
    ['another key', request(good.replace('runs/1', 'runs/2'))],
    ['another spelling of the key', request(good.replace('%20', '+'))],
    ['another method', request(good, { method: 'PUT' })],
    ['a method that is never signed', request(good, { method: 'DELETE' })],
    ['a later expiry', request(good.replace(/expires=\d+/, 'expires=9999999999'))],
    ['an expiry that is no number', request(good.replace(/expires=\d+/, 'expires=Infinity'))],
    ['no expiry', request(good.replace(/expires=\d+&/, ''))],
    ['two expiries', request(`${good}&expires=9999999999`)],
    ['an added type', request(`${good}&type=text/html`)],
    ['no signature', request(good.replace(/signature=.*/, ''))],
    ['an empty signature', request(good.replace(/signature=.*/, 'signature='))],
    ['a cut signature', request(good.slice(0, -4))],
    [
      'a changed signature',
      request(good.replace(/signature=(.)/, (_all, first) => `signature=${first === 'A' ? 'B' : 'A'}`)),
    ],
    [
      'an upload without its type',
      request(put.replace(/type=[^&]*&/, ''), { method: 'PUT', contentLength: 10 }),
    ],
    [
      'an upload of another length',
      request(put.replace('bytes=10', 'bytes=99'), {
        method: 'PUT',
        contentType: 'video/mp4',
        contentLength: 99,
      }),
    ],
    ['an upload link for reading', request(put)],
  ])('refuse %s', (_what, tampered) => {
    now = start;
    expect(() => signer.verify(tampered)).toThrow(expect.objectContaining({ code: 'signature-invalid' }));
  });

  it('refuse a link of another secret, and a short secret', () => {
    now = start;
    const other = createUrlSigner({ secret: Buffer.alloc(32, 7), clock: { now: () => now } });
    expect(() => other.verify(request(good))).toThrow(expect.objectContaining({ code: 'signature-invalid' }));
    expect(() => createUrlSigner({ secret: 'short', clock: { now: () => now } })).toThrow(/32 bytes/);
  });
});
