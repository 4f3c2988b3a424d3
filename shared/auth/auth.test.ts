import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuth, createUrlSigner } from '#shared/auth';

let keysFolder: string;
let now: Date;
const clock = { now: () => now };
const alice = { sub: 'alice', account: 'alice', roles: ['admin'], ttlSeconds: 3600 };

beforeEach(async () => {
  keysFolder = join(await mkdtemp(join(tmpdir(), 'millrace auth ')), 'keys');
  now = new Date('2026-01-02T03:04:05Z');
});
afterEach(() => rm(join(keysFolder, '..'), { recursive: true, force: true }));

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with any header and claims, signed with a key of the forger's own. */
function forge(header: Record<string, unknown>, claims: Record<string, unknown>): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const body = `${part(header)}.${part(claims)}`;
  return `${body}.${sign(null, Buffer.from(body), privateKey).toString('base64url')}`;
}

describe('keys that are given', () => {
  test('are read, and nothing is written beside them', async () => {
    const token = await createAuth({ keysFolder, clock }).issue(alice);
    await chmod(keysFolder, 0o500);
    const given = createAuth({ keysFolder, clock, use: 'given' });
    expect((await given.verify(token)).account).toBe('alice');
    expect(await readdir(keysFolder)).toEqual(['token-key.json']);
  });

  test('are never made: two processes that each made one would refuse each other’s tokens', async () => {
    const given = createAuth({ keysFolder, clock, use: 'given' });
    await expect(given.jwks()).rejects.toMatchObject({
      code: 'key-missing',
      message: expect.stringContaining(join(keysFolder, 'token-key.json')),
    });
    const signer = createUrlSigner({ keysFolder, clock, use: 'given' });
    const link = { method: 'GET', path: '/', expiresAt: clock.now() } as const;
    await expect(signer.sign(link)).rejects.toMatchObject({ code: 'key-missing' });
    await expect(readdir(keysFolder)).rejects.toThrow('ENOENT');
    // They may come later: a Secret that is mounted after a restart.
    await createAuth({ keysFolder, clock }).jwks();
    expect((await given.jwks()).keys).toHaveLength(1);
  });
});

describe('tokens', () => {
  test('an issued token is verified as who it was issued for', async () => {
    const auth = createAuth({ keysFolder, clock });
    const principal = await auth.verify(await auth.issue(alice));
    expect(principal).toEqual({
      sub: 'alice',
      account: 'alice',
      roles: ['admin'],
      expiresAt: new Date('2026-01-02T04:04:05Z'),
    });
  });

  test('another process with the same folder takes it; one with another folder does not', async () => {
    const token = await createAuth({ keysFolder, clock }).issue(alice);
    expect((await createAuth({ keysFolder, clock }).verify(token)).account).toBe('alice');
    const stranger = createAuth({ keysFolder: `${keysFolder}-other`, clock });
    await expect(stranger.verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  test('it expires', async () => {
    const auth = createAuth({ keysFolder, clock });
    const token = await auth.issue(alice);
    now = new Date(now.getTime() + 3_600_001);
    await expect(auth.verify(token)).rejects.toMatchObject({ code: 'token-expired' });
  });

  test('one that was good is refused once its time is over, its key is gone, or a letter differs', async () => {
    const auth = createAuth({ keysFolder, clock });
    const [short, long] = [await auth.issue(alice), await auth.issue({ ...alice, ttlSeconds: 86_400 })];
    for (const token of [short, long, short, long]) await auth.verify(token);
    const altered = `${long.slice(0, -2)}${long.at(-2) === 'A' ? 'B' : 'A'}${long.at(-1)}`;
    await expect(auth.verify(altered)).rejects.toMatchObject({ code: 'token-invalid' });
    now = new Date(now.getTime() + 3_600_000);
    await expect(auth.verify(short)).rejects.toMatchObject({ code: 'token-expired' });
    expect((await auth.verify(long)).account).toBe('alice');
    await rm(join(keysFolder, 'token-key.json'));
    now = new Date(now.getTime() + 61_000);
    await expect(auth.verify(long)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  test('forgeries are refused, each with its reason and none with a crash', async () => {
    const auth = createAuth({ keysFolder, clock });
    const token = await auth.issue(alice);
    const [head = '', body = '', signature = ''] = token.split('.');
    const header = decodeProtectedHeader(token);
    const claims = decodeJwt(token);
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const refused: Record<string, string> = {
      nothing: '',
      words: 'let me in',
      'alg none': `${part({ alg: 'none', typ: 'JWT', kid: header.kid })}.${body}.`,
      'alg none, signed': `${part({ alg: 'none', kid: header.kid })}.${body}.${signature}`,
      'alg HS256 with our public key': `${part({ alg: 'HS256', kid: header.kid })}.${body}.${signature}`,
      'another key under our kid': forge({ ...header }, { ...claims }),
      'a kid of nobody': forge({ ...header, kid: 'somebody' }, { ...claims }),
      'no kid': forge({ alg: 'EdDSA' }, { ...claims }),
      'a kid that is a path': forge({ alg: 'EdDSA', kid: '../../etc/passwd' }, { ...claims }),
      'a key in its own header': forge(
        { ...header, jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } },
        { ...claims },
      ),
      'claims changed': `${head}.${part({ ...claims, account: 'bob' })}.${signature}`,
      'signature changed': `${head}.${body}.${flipped}`,
      'signature gone': `${head}.${body}.`,
      'a crit of its own': forge({ ...header, crit: ['exp'] }, { ...claims }),
      endless: `${head}.${'A'.repeat(100_000)}.${signature}`,
    };
    for (const [name, forged] of Object.entries(refused)) {
      await expect(auth.verify(forged), name).rejects.toMatchObject({ code: 'token-invalid' });
    }
  });

  test('a token signed by us but for another audience, from another issuer, or without its claims is refused', async () => {
    const auth = createAuth({ keysFolder, clock });
    const good = await auth.issue(alice);
    const { importJWK, SignJWT } = await import('jose');
    const jwk = JSON.parse(await readFile(join(keysFolder, 'token-key.json'), 'utf8'));
    const key = await importJWK({ ...jwk, alg: 'EdDSA' });
    const kid = decodeProtectedHeader(good).kid;
    const claims = decodeJwt(good);
    const without = (name: string) => Object.fromEntries(Object.entries(claims).filter(([k]) => k !== name));
    const wrong = {
      audience: { ...claims, aud: 'another' },
      'no audience': without('aud'),
      issuer: { ...claims, iss: 'another' },
      'no expiry': without('exp'),
      'no account': without('account'),
      'an account that is no name': { ...claims, account: { $ne: null } },
      'an empty account': { ...claims, account: '' },
      'roles that are no list': { ...claims, roles: 'admin' },
      'not yet valid': { ...claims, nbf: Math.floor(now.getTime() / 1000) + 600 },
    };
    for (const [name, payload] of Object.entries(wrong)) {
      const token = await new SignJWT(payload)
        .setProtectedHeader({ alg: 'EdDSA', ...(kid ? { kid } : {}) })
        .sign(key);
      await expect(auth.verify(token), name).rejects.toMatchObject({ code: 'token-invalid' });
    }
  });

  test('no other algorithm makes our public key a secret, and no header names a key of its own', async () => {
    const auth = createAuth({ keysFolder, clock });
    const token = await auth.issue(alice);
    const claims = decodeJwt(token);
    const { kid } = decodeProtectedHeader(token);
    const [key] = (await auth.jwks()).keys;
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify({ keys: [key] }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const x = Buffer.from(key?.x ?? '', 'base64url');
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: key?.x ?? '' },
      format: 'jwk',
    });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const made = (header: object, signed: (body: Buffer) => Buffer) => {
      const body = `${part({ typ: 'JWT', kid, ...header })}.${part(claims)}`;
      return `${body}.${signed(Buffer.from(body)).toString('base64url')}`;
    };
    const hmac = (secret: string | Buffer) => (body: Buffer) =>
      createHmac('sha256', secret).update(body).digest();
    const own = (body: Buffer) => sign(null, body, generateKeyPairSync('ed25519').privateKey);
    const refused: Record<string, string> = {
      'HS256 keyed with the public key': made({ alg: 'HS256' }, hmac(x)),
      'HS256 keyed with it in base64url': made({ alg: 'HS256' }, hmac(key?.x ?? '')),
      'HS256 keyed with it as PEM': made({ alg: 'HS256' }, hmac(pem)),
      'HS256 keyed with it as JWK': made({ alg: 'HS256' }, hmac(JSON.stringify(key))),
      'HS256 keyed with nothing': made({ alg: 'HS256' }, hmac('')),
      'RS256 of a key of its own': made({ alg: 'RS256' }, (body) => sign('sha256', body, rsa)),
      'ES256 of a key of its own': made({ alg: 'ES256' }, (body) => sign('sha256', body, curve)),
      'EdDSA in small letters': made({ alg: 'eddsa' }, own),
      'none in capitals': made({ alg: 'NONE' }, () => Buffer.alloc(0)),
      'no algorithm': made({}, own),
      'a list of algorithms': made({ alg: ['EdDSA', 'none'] }, own),
      'a key at an address': made({ alg: 'EdDSA', jku: elsewhere, x5u: elsewhere }, own),
      'a certificate of its own': made({ alg: 'EdDSA', x5c: ['AAAA'] }, own),
      'a kid that is a list': made({ alg: 'EdDSA', kid: [kid] }, own),
      'a kid of every object': made({ alg: 'EdDSA', kid: '__proto__' }, own),
      'no encoding': made({ alg: 'EdDSA', b64: false, crit: ['b64'] }, own),
      'two signatures': `${token}.${token.split('.')[2]}`,
      encrypted: `${token}.a.b`,
    };
    for (const [name, forged] of Object.entries(refused))
      await expect(auth.verify(forged), name).rejects.toMatchObject({ code: 'token-invalid' });
    server.close();
    expect(asked).toEqual([]);
  });

  test('a swapped kid is refused, and a retired key verifies until its tokens expire', async () => {
    const old = await createAuth({ keysFolder, clock }).issue(alice);
    await rename(join(keysFolder, 'token-key.json'), join(keysFolder, 'token-key.retired-2026.json'));
    const auth = createAuth({ keysFolder, clock });
    const fresh = await auth.issue(alice);
    expect((await auth.verify(old)).account).toBe('alice');
    expect((await auth.jwks()).keys).toHaveLength(2);
    const [, body, signature] = fresh.split('.');
    const swapped = `${part({ ...decodeProtectedHeader(fresh), kid: decodeProtectedHeader(old).kid })}.${body}.${signature}`;
    await expect(auth.verify(swapped)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  test('eight processes that start at once agree on one key, which only its owner can read', async () => {
    const auths = Array.from({ length: 8 }, () => createAuth({ keysFolder, clock }));
    const tokens = await Promise.all(auths.map((auth) => auth.issue(alice)));
    for (const auth of auths) for (const token of tokens) await auth.verify(token);
    expect(await readdir(keysFolder)).toEqual(['token-key.json']);
    expect((await stat(join(keysFolder, 'token-key.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(keysFolder)).mode & 0o777).toBe(0o700);
  });

  test('the published keys hold nothing private', async () => {
    const { keys } = await createAuth({ keysFolder, clock }).jwks();
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']]);
  });

  test('a damaged key file says which one and what to do', async () => {
    const auth = createAuth({ keysFolder, clock });
    await auth.issue(alice);
    await writeFile(join(keysFolder, 'token-key.json'), '{"kty":"OKP"');
    await expect(createAuth({ keysFolder, clock }).issue(alice)).rejects.toThrow(
      /token-key\.json.*restore it/,
    );
  });

  test.each([
    ['no subject', { ...alice, sub: '' }],
    ['an account with a line break', { ...alice, account: 'a\nb' }],
    ['a role of two words', { ...alice, roles: ['two words'] }],
    ['no time', { ...alice, ttlSeconds: 0 }],
    ['two years', { ...alice, ttlSeconds: 63_072_000 }],
    ['half a second', { ...alice, ttlSeconds: 0.5 }],
  ])('%s: no token is made', async (_name, request) => {
    await expect(createAuth({ keysFolder, clock }).issue(request)).rejects.toMatchObject({
      code: 'token-request-invalid',
    });
  });
});
