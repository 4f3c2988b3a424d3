import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
let user = '';
beforeAll(async () => {
  user = await bench.somebody({ handle: 'alice' });
  await bench.somebody({ handle: 'taken' });
});
afterAll(() => bench.close());

const profile = { handle: 'alice', name: 'Alice', about: 'Rabbits.' };
const update = (changes: object = {}, account = user) =>
  bench.give('user.update', { ...profile, ...changes }, { account });

it('changes what one is called, from the version that one saw', async () => {
  expect(await update({ versions: [1] })).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await update({ versions: [1] })).toMatchObject({ status: 412, body: { code: 'version-changed' } });
  expect(await update({ versions: [7, 2], name: 'Alice L.' })).toMatchObject({ body: { version: 3 } });
  expect(await bench.facts()).toEqual(
    Array.from({ length: 2 }, () => ({ type: 'user.updated', data: { user } })),
  );
});

it.each([
  ['a handle that somebody has', { handle: 'taken' }, 409, 'handle-taken'],
  ['a handle of another script', { handle: 'p\u0430ypal' }, 400, 'command-invalid'],
  ['a name that turns around', { name: 'a\u202eb' }, 400, 'command-invalid'],
  ['a long word about oneself', { about: 'a'.repeat(501) }, 400, 'command-invalid'],
  ['an e-mail address', { email: 'a@b.org' }, 400, 'command-invalid'],
])('refuses %s', async (_, changes, status, code) => {
  expect(await update(changes)).toMatchObject({ status, body: { code } });
  expect(await bench.facts()).toEqual([]);
});

it('is of nobody for a token that the operator made', async () => {
  expect(await update({}, 'operator')).toMatchObject({ status: 404 });
});
