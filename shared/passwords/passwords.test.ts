import { describe, expect, it } from 'vitest';
import { timesApart } from '../../test/times-apart.ts';
import { createPasswords } from './index.ts';

const passwords = createPasswords();
const WORD = 'correct horse battery staple';

describe('passwords', () => {
  it('know their own, and no other', async () => {
    const hash = await passwords.hash(WORD);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hash).not.toContain(WORD);
    expect(await passwords.verify(WORD, hash)).toBe(true);
    expect(await passwords.verify(`${WORD} `, hash)).toBe(false);
    expect(await passwords.verify('', hash)).toBe(false);
    expect(await passwords.hash(WORD)).not.toBe(hash);
  });

  it('read what another program wrote', async () => {
    // From the tests of the reference implementation of argon2.
    const kept = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await passwords.verify('password', kept)).toBe(true);
    expect(await passwords.verify('passwore', kept)).toBe(false);
  });

  it('take an accent in either of its spellings', async () => {
    const hash = await passwords.hash('café au lait'.normalize('NFD'));
    expect(await passwords.verify('café au lait'.normalize('NFC'), hash)).toBe(true);
  });

  it('are as slow for nobody as for somebody', async () => {
    const hash = await passwords.hash(WORD);
    const wrong = (kept: string | undefined) => async () =>
      expect(await passwords.verify('wrong', kept)).toBe(false);
    const [one, other] = [wrong(hash), wrong(undefined)];
    // Without the same work it would be a thousand times.
    expect(await timesApart({ one, other, rounds: 15, most: 5 })).toBeLessThan(5);
  });

  it('are worked on a few at a time, and refused rather than queued without end', async () => {
    const many = await Promise.allSettled(
      Array.from({ length: 60 }, () => passwords.verify(WORD, undefined)),
    );
    const refused = many.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(8);
    expect(refused[0]).toMatchObject({ reason: { code: 'passwords-busy', kind: 'transient' } });
    expect(await passwords.verify(WORD, undefined)).toBe(false);
  });

  it.each(['', 'plain', '$2b$10$abcdefghijklmnopqrstuv', '$argon2id$v=19$m=1,t=1,p=1$$'])(
    'refuse a kept hash that is none: %j',
    async (kept) => {
      await expect(passwords.verify(WORD, kept)).rejects.toMatchObject({ code: 'password-hash-unreadable' });
    },
  );
});
