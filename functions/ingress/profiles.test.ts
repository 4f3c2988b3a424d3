import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer, type Credentials, peopleAt, somebody, type Tokens } from './testing/people.ts';

const door = await openFrontDoor();
const { registered, signedIn } = peopleAt(door);
let alice: Credentials & { id: string };
let tokens: Tokens;
beforeAll(async () => {
  alice = await registered();
  tokens = await signedIn(alice);
});
afterAll(() => door.close());

interface Person {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}
interface Page {
  readonly users: readonly Person[];
  readonly links: { readonly self: string; readonly next?: string };
}

const read = (path: string, headers: Record<string, string> = {}) =>
  door.ask(path, { headers: { ...bearer(tokens), ...headers } });
const change = (path: string, body: object, headers: Record<string, string> = {}, by = tokens) =>
  door.ask(path, { method: 'PUT', body, headers: { ...bearer(by), ...headers } });

describe.each(['/users/me', '/api/v1/users/profile'])('%s', (path) => {
  it('is one’s own account, and is changed', async () => {
    const before = await read(path);
    expect(before.status).toBe(200);
    expect(await before.json()).toMatchObject({ id: alice.id, email: alice.email });
    const etag = before.headers.get('etag') ?? '';
    expect((await read(path, { 'if-none-match': etag })).status).toBe(304);
    const { handle } = somebody();
    const profile = { handle: handle.toUpperCase(), name: 'Åsa  Ünïcode 李', about: 'One.\nTwo.' };
    const changed = await change(path, profile, { 'if-match': etag });
    expect(changed.status).toBe(200);
    expect(await changed.json()).toMatchObject({ ...profile, handle });
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect((await read(path, { 'if-none-match': etag })).status).toBe(200);
  });

  it('is changed by one of two who read the same version', async () => {
    const etag = (await read(path)).headers.get('etag') ?? '';
    const { handle } = somebody();
    const answers = await Promise.all(
      ['One', 'Two', 'Three', 'Four'].map((name) =>
        change(path, { handle, name, about: '' }, { 'if-match': etag }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const late = await change(path, { handle, name: 'Late', about: '' }, { 'if-match': etag });
    expect(await problemIn(late)).toMatchObject({ status: 412, code: 'version-changed' });
    for (const header of ['W/"v1"', '"x"', ''])
      expect((await change(path, { handle, name: 'Late', about: '' }, { 'if-match': header })).status).toBe(
        412,
      );
    expect((await change(path, { handle, name: 'Any', about: '' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('is done once for an Idempotency-Key', async () => {
    const { handle } = somebody();
    const headers = { 'idempotency-key': `"key of ${path}"` };
    const body = { handle, name: 'Once', about: '' };
    const [first, again] = [await change(path, body, headers), await change(path, body, headers)];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });
});

describe('a change of one’s profile', () => {
  it.each([
    ['somebody else’s handle', 'handle'],
    ['that handle in capitals', 'HANDLE'],
  ])('to %s is refused, and nothing of it holds', async (_, how) => {
    const other = await registered();
    const handle = how === 'HANDLE' ? other.handle.toUpperCase() : other.handle;
    const before = await (await read('/users/me')).json();
    const answer = await change('/users/me', { handle, name: 'Thief', about: '' });
    expect(await problemIn(answer)).toMatchObject({ status: 409, code: 'handle-taken' });
    expect(await (await read('/users/me')).json()).toEqual(before);
  });

  it.each([
    ['a role', { roles: ['admin'] }, 'roles'],
    ['another address', { email: 'x@y.org' }, 'email'],
    ['a long text', { about: 'a'.repeat(501) }, 'about'],
    ['a control character', { about: 'a\u0007' }, 'about'],
    ['text that turns around', { about: '\u202eabc' }, 'about'],
    ['half a letter', { name: 'a\ud800' }, 'name'],
    ['a homoglyph', { handle: '\u0430dmin' }, 'handle'],
    ['no name', { name: undefined }, 'name'],
  ])('to %s is refused', async (_, wrong, field) => {
    const body = { handle: 'somebody_else', name: 'Name', about: '', ...wrong };
    const problem = await problemIn(await change('/users/me', body));
    expect(problem).toMatchObject({ status: 400 });
    expect(problem.errors?.map((error) => error.field)).toContain(field);
  });

  it('is of nobody for a token that the operator made', async () => {
    const body = { handle: 'operator_x', name: 'Name', about: '' };
    expect((await door.ask('/users/me', { as: 'operator' })).status).toBe(404);
    expect((await door.ask('/users/me', { as: 'operator', method: 'PUT', body })).status).toBe(404);
  });
});

describe('others', () => {
  it('are seen without their address', async () => {
    const other = await registered();
    const seen = await read(`/users/${other.id}`);
    expect(await seen.json()).toEqual({
      id: other.id,
      handle: other.handle,
      name: other.handle,
      about: '',
      createdAt: expect.any(String),
      private: false,
      followers: 0,
      following: 0,
      follow: null,
      followsYou: false,
      muted: false,
    });
    for (const id of [randomUUID(), 'none', '%00'])
      expect(await problemIn(await read(`/users/${id}`))).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('are found by what a handle or a name begins with, a page after the other', async () => {
    const found: string[] = [];
    await door.fixture.rows(
      `insert into people.account (id, email, handle, name, password)
       select gen_random_uuid(), 'z' || n || '@z.org', case when n % 2 = 0 then 'zebra_' else 'stripes_' end || n,
         'Zebra Ünder ' || n, 'none' from generate_series(1, 25) n`,
    );
    let next: string | undefined = '/users?search=ZEBRA&limit=7';
    for (let pages = 0; next !== undefined && pages < 10; pages += 1) {
      const answer = await read(next);
      const page = (await answer.json()) as Page;
      found.push(...page.users.map(({ handle }) => handle));
      next = page.links.next;
      expect(answer.headers.get('link')).toBe(next === undefined ? null : `<${next}>; rel="next"`);
    }
    expect(found).toHaveLength(25);
    expect(found).toEqual([...new Set(found)].sort());
    const some = (await (await read(`/users?search=${encodeURIComponent('zebra ünder 2')}`)).json()) as Page;
    expect(some.users.map(({ name }) => name).sort()).toEqual(
      [2, 20, 21, 22, 23, 24, 25].map((n) => `Zebra Ünder ${n}`).sort(),
    );
    const written = (await (await read('/users?search=@zebra_2')).json()) as Page;
    expect(written.users.map(({ handle }) => handle)).toContain('zebra_2');
  });

  it.each(['%25%25', '__', "'; drop", '\\\\', 'e%25'])('are not found by a pattern: %s', async (search) => {
    const answer = await read(`/users?search=${search}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ users: [] });
  });

  it.each([
    'search=a',
    'search=a%00b',
    'limit=0',
    'limit=101',
    'cursor=%3B',
    'order=name',
    'search=ab&search=cd',
  ])('are not asked for so: %s', async (query) => {
    expect((await read(`/users?${query}`)).status).toBe(400);
  });
});
