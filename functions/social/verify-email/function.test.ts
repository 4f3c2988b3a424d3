import { afterAll, expect, it } from 'vitest';
import { type LetterKind, openLetter } from '#shared/accounts';
import { createCommandBench } from '../../../test/command-bench.ts';
import { tokenOf } from '../../../test/mailed-token.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const verify = (token: string) => bench.give('email.verify', { token });
async function mailed(account: string, email: string, kind: LetterKind = 'verify-email') {
  const letter = await bench.within((tx) => openLetter(tx, { account, kind, email }));
  return tokenOf(bench.fixture, letter);
}

it('takes the token of the address once; that address is told nothing', async () => {
  const user = await bench.somebody({ email: 'alice@example.org' });
  const token = await mailed(user, 'alice@example.org');
  expect(await verify(token)).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([{ type: 'user.email-verified', data: { user } }]);
  expect(await verify(token)).toMatchObject({ status: 400, body: { code: 'mailed-token-invalid' } });
});

it('moves the account to a new address, and tells the old one', async () => {
  const user = await bench.somebody({ email: 'old@example.org' });
  expect(await verify(await mailed(user, 'new@example.org'))).toMatchObject({ status: 204 });
  const [, notice] = await bench.facts();
  expect(notice).toMatchObject({ type: 'mail.requested', data: { user, template: 'email-changed' } });
  expect(await bench.fixture.rows('select email from people.letter where account = $1', [user])).toEqual([
    { email: 'old@example.org' },
  ]);
  expect(JSON.stringify(notice)).not.toContain('@');
});

it('leaves all as it is where somebody else has the address by now', async () => {
  const user = await bench.somebody();
  const token = await mailed(user, 'wanted@example.org');
  await bench.somebody({ email: 'wanted@example.org' });
  expect(await verify(token)).toMatchObject({ status: 409, body: { code: 'email-taken' } });
  expect(await bench.facts()).toEqual([]);
});

it('refuses tokens of another kind, past their time, and mangled', async () => {
  const user = await bench.somebody({ email: 'bob@example.org' });
  const token = await mailed(user, 'bob@example.org');
  const flipped = `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`;
  const refused = [
    '',
    'x',
    flipped,
    token.slice(0, -1),
    await mailed(user, 'bob@example.org', 'reset-password'),
  ];
  await bench.fixture.shiftClock('73 hours');
  for (const wrong of [...refused, token]) expect(await verify(wrong)).toMatchObject({ status: 400 });
});
