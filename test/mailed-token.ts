import { createHash, randomBytes } from 'node:crypto';
import type { LedgerFixture } from './ledger-fixture.ts';

/** The token of a letter, as it would stand in the mail. */
export async function tokenOf(fixture: LedgerFixture, letter: string): Promise<string> {
  const secret = randomBytes(32);
  await fixture.rows('update people.letter set hashes = hashes || $2::bytea where id = $1', [
    letter,
    createHash('sha256').update(secret).digest(),
  ]);
  const id = Buffer.from(letter.replaceAll('-', ''), 'hex');
  return `mrl_${Buffer.concat([id, secret]).toString('base64url')}`;
}
