import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFrontDoor } from '../../functions/ingress/testing/front-door.ts';
import { runSchemathesis, type Tried } from './run-schemathesis.ts';
import { type Seeded, seedPeople } from './seed-people.ts';

/** Somebody else's program reads `/openapi.json` and tries whatever it says, and what it does not say, on a seeded server. */
const SEED = 1;

const door = await openFrontDoor();
const operations = door.ingress.routes
  .filter(({ openapi }) => openapi !== undefined)
  .map(({ method, path }) => `${method.toUpperCase()} ${path}`);
const scratch = await mkdtemp(join(tmpdir(), 'millrace api '));
let people: Seeded;
let tried: Tried;

beforeAll(async () => {
  people = await seedPeople(door);
  tried = await runSchemathesis({ url: door.url, token: people.token, seed: SEED, scratch });
});
afterAll(async () => {
  await door.close();
  await rm(scratch, { recursive: true, force: true });
});

test('it tried as many cases as there are fields', () => {
  expect(operations.length).toBeGreaterThan(120);
  expect(tried.cases).toBeGreaterThan(operations.length * 20);
});

describe('what the document says is what is answered', () => {
  test.each(operations)('%s', (operation) => {
    const found = tried.failures.get(operation) ?? [];
    const at = tried.output.indexOf(` ${operation} _`);
    expect(found, at < 0 ? '' : tried.output.slice(at, at + 3_000)).toEqual([]);
  });
});

test('the log has no error of ours', () => {
  const errors = door.lines.filter((line) => /"level":"(error|fatal)"/.test(line));
  expect(errors.slice(0, 3)).toEqual([]);
});
