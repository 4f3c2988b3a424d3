import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { connect, migrate, type Pool, pendingMigrations } from './index.ts';

const first = {
  name: '0001-books',
  sql: 'CREATE TABLE book (id int8 PRIMARY KEY); INSERT INTO book VALUES (7);',
};
const second = {
  name: '0002-pages',
  sql: 'CREATE TABLE page (id int8 PRIMARY KEY, book int8 REFERENCES book);',
};

let database: TestDatabase;
let pool: Pool;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = connect({ url: database.url, max: 4, applicationName: 'migrate-test' });
});

afterEach(async () => {
  await pool.end();
  await database.drop();
});

describe('migrate', () => {
  it('applies what is missing, in order, once', async () => {
    expect(await migrate({ pool, migrations: [first] })).toEqual(['0001-books']);
    expect(await migrate({ pool, migrations: [first, second] })).toEqual(['0002-pages']);
    expect(await migrate({ pool, migrations: [first, second] })).toEqual([]);
    expect((await pool.query('SELECT id FROM book')).rows).toEqual([{ id: 7n }]);
  });

  it('is safe to call from several processes at once', async () => {
    const applied = await Promise.all(
      Array.from({ length: 4 }, () => migrate({ pool, migrations: [first, second] })),
    );
    expect(applied.flat().sort()).toEqual(['0001-books', '0002-pages']);
  });

  it('says beforehand what it would apply, and changes nothing', async () => {
    const migrations = [first, second];
    expect(await pendingMigrations({ pool, migrations })).toEqual(['0001-books', '0002-pages']);
    await migrate({ pool, migrations: [first] });
    expect(await pendingMigrations({ pool, migrations })).toEqual(['0002-pages']);
    await migrate({ pool, migrations });
    expect(await pendingMigrations({ pool, migrations })).toEqual([]);
    await expect(pendingMigrations({ pool, migrations: [first] })).rejects.toMatchObject({
      code: 'migration-unknown',
    });
  });

  it('undoes a migration that fails half-way and names it', async () => {
    const broken = { name: '0002-broken', sql: 'CREATE TABLE half (id int); SELECT 1/0;' };
    await expect(migrate({ pool, migrations: [first, broken] })).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringContaining('0002-broken'),
    });
    const { rows } = await pool.query("SELECT to_regclass('half') AS half, to_regclass('book') AS book");
    expect(rows).toEqual([{ half: null, book: 'book' }]);
    expect(await migrate({ pool, migrations: [first, second] })).toEqual(['0002-pages']);
  });

  it.each([
    ['migration-changed', [{ ...first, sql: `${first.sql} -- edited` }, second]],
    ['migration-unknown', [first]],
    ['migration-order', [first, { name: '0001-later', sql: 'SELECT 1' }, second]],
  ])('refuses with %s', async (code, migrations) => {
    await migrate({ pool, migrations: [first, second] });
    await expect(migrate({ pool, migrations })).rejects.toMatchObject({ kind: 'permanent', code });
  });
});
