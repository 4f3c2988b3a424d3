import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createUrlSigner } from '#shared/auth';
import type { IncomingRequest } from './url-signer.ts';

const start = new Date('2026-11-21T12:00:00Z');
let now = start;
const clock = { now: () => now };
const folder = await mkdtemp(join(tmpdir(), 'millrace links '));
afterAll(() => rm(folder, { recursive: true, force: true }));

const signer = createUrlSigner({ keysFolder: folder, clock });
const PATH = '/objects/runs/1/sc%C3%A8ne%201%20%26%202.mp4';
const expiresAt = new Date('2026-11-21T12:10:00Z');

const good = await signer.sign({ method: 'GET', path: PATH, expiresAt });
const put = await signer.sign({
  method: 'PUT',
  path: PATH,
  expiresAt,
  contentType: 'video/mp4',
  contentLength: 10,
});

function request(url: string, more: Partial<IncomingRequest> = {}): IncomingRequest {
  const parsed = new URL(url, 'http://localhost');
  return { method: 'GET', path: parsed.pathname, query: parsed.searchParams, ...more };
}

describe('signed links', () => {
  test('allow what was signed, until it expires', async () => {
    now = start;
    const url = await signer.sign({ method: 'GET', path: PATH, expiresAt });
    expect(await signer.verify(request(url))).toEqual({ method: 'GET', path: PATH, expiresAt });
    expect(await signer.verify(request(url, { method: 'HEAD' }))).toMatchObject({ method: 'GET' });
    // Another process with the same folder, or this one after a restart.
    expect(await createUrlSigner({ keysFolder: folder, clock }).verify(request(url))).toMatchObject({
      path: PATH,
    });
    now = new Date(expiresAt.getTime() - 1);
    expect(await signer.verify(request(url))).toMatchObject({ path: PATH });
    now = expiresAt;
    await expect(signer.verify(request(url))).rejects.toMatchObject({ code: 'signature-expired' });
  });

  test('bind an upload to its type and length', async () => {
    now = start;
    const url = await signer.sign({
      method: 'PUT',
      path: PATH,
      expiresAt,
      contentType: 'video/mp4',
      contentLength: 10,
    });
    const upload = { method: 'PUT', contentType: 'video/mp4', contentLength: 10 };
    expect(await signer.verify(request(url, upload))).toMatchObject({
      contentType: 'video/mp4',
      contentLength: 10,
    });
    for (const other of [{ contentType: 'text/html' }, { contentLength: 11 }, { contentLength: undefined }]) {
      await expect(signer.verify(request(url, { ...upload, ...other }))).rejects.toMatchObject({
        code: 'signature-invalid',
      });
    }
  });

  test.each([
    ['another path', request(good.replace('runs/1', 'runs/2'))],
    ['a longer path', request(good.replace('.mp4?', '.mp4/?'))],
    ['another spelling of the path', request(good.replace('%20', '+'))],
    ['another method', request(good, { method: 'PUT' })],
    ['a method that is never signed', request(good, { method: 'DELETE' })],
    ['a later expiry', request(good.replace(/expires=\d+/, 'expires=9999999999'))],
    ['the same expiry in another spelling', request(good.replace('expires=', 'expires=0'))],
    ['an expiry that is no number', request(good.replace(/expires=\d+/, 'expires=Infinity'))],
    ['an endless expiry', request(good.replace(/expires=\d+/, `expires=${'9'.repeat(400)}`))],
    ['no expiry', request(good.replace(/expires=\d+&/, ''))],
    ['two expiries', request(`${good}&expires=9999999999`)],
    ['two signatures', request(`${good}&${good.split('&').at(-1)}`)],
    ['an added type', request(`${good}&type=text/html`)],
    ['no signature', request(good.replace(/signature=.*/, ''))],
    ['an empty signature', request(good.replace(/signature=.*/, 'signature='))],
    ['a cut signature', request(good.slice(0, -4))],
    ['a signature that is no base64', request(good.replace(/signature=.*/, `signature=${'é'.repeat(43)}`))],
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
  ])('refuse %s', async (_what, tampered) => {
    now = start;
    await expect(signer.verify(tampered)).rejects.toMatchObject({ code: 'signature-invalid' });
  });

  test('refuse a link of another key, and a key file that holds no key', async () => {
    now = start;
    const other = createUrlSigner({ keysFolder: join(folder, 'other'), clock });
    await expect(other.verify(request(good))).rejects.toMatchObject({ code: 'signature-invalid' });
    const broken = join(folder, 'other', 'link-key');
    await writeFile(broken, 'short\n');
    const reader = createUrlSigner({ keysFolder: join(folder, 'other'), clock });
    await expect(reader.sign({ method: 'GET', path: PATH, expiresAt })).rejects.toMatchObject({
      code: 'link-key-unusable',
    });
  });
});
