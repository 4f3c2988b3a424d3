import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPasswords } from '#shared/passwords';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const PASSWORD = 'a long and quiet evening';
const bench = await createCommandBench(definition);
let user = '';
beforeAll(async () => {
  user = await bench.somebody({ email: 'old@example.org', password: await createPasswords().hash(PASSWORD) });
});
afterAll(() => bench.close());

const change = (given: object, account = user) =>
  bench.give(
    'email.change',
    { email: 'new@example.org', password: PASSWORD, address: '10.0.0.1', ...given },
    { account },
  );

it('asks the new address, and leaves the old one until it has answered', async () => {
  expect(await change({ email: ' New@example.org' })).toMatchObject({ status: 204 });
  const [asked] = await bench.facts();
  expect(asked).toMatchObject({ type: 'mail.requested', data: { user, template: 'verify-email' } });
  const rows = await bench.fixture.rows(
    'select a.email, l.email as letter from people.account a join people.letter l on l.account = a.id',
  );
  expect(rows).toEqual([{ email: 'old@example.org', letter: 'new@example.org' }]);
});

it.each([
  ['a wrong password', { password: 'wrong' }, 403, 'password-wrong'],
  ['no address', { email: 'new' }, 400, 'command-invalid'],
  ['two of them', { email: 'a@b.org,c@d.org' }, 400, 'command-invalid'],
  ['a line break', { email: 'a@b.org\r\nBcc: c@d.org' }, 400, 'command-invalid'],
])('refuses %s', async (_, given, status, code) => {
  expect(await change(given)).toMatchObject({ status, body: { code } });
  expect(await bench.facts()).toEqual([]);
});

it('is of nobody for a token that the operator made', async () => {
  expect(await change({}, 'operator')).toMatchObject({ status: 404 });
});
