import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secret, secretKeeper } from './secret.ts';

const word = secret(z.string().min(1));

describe('what a schema marks as secret', () => {
  it.each<[where: string, schema: z.ZodType, value: unknown, left: unknown]>([
    ['a field', z.object({ a: z.string(), word }), { a: 'x', word: 's' }, { a: 'x' }],
    ['an optional field', z.object({ word: word.optional() }), { word: 's' }, {}],
    ['a nullable field', z.object({ word: word.nullable() }), { word: 's' }, {}],
    ['a field with a default', z.object({ word: word.default('d') }), { word: 's' }, {}],
    [
      'a field of a nested object',
      z.object({ in: z.object({ word, b: z.int() }) }),
      { in: { word: 's', b: 1 } },
      { in: { b: 1 } },
    ],
    [
      'fields of entries',
      z.object({ all: z.array(z.object({ word })) }),
      { all: [{ word: 's' }] },
      { all: [{}] },
    ],
    ['entries themselves', z.object({ all: z.array(word) }), { all: ['s', 't'] }, { all: [] }],
    ['values of a record', z.record(z.string(), word), { a: 's' }, {}],
    [
      'one branch of a union',
      z.union([z.object({ word }), z.object({ word: z.string(), b: z.int() })]),
      { word: 's', b: 1 },
      { b: 1 },
    ],
    ['a part of a tuple', z.tuple([z.string(), word]), ['a', 's'], ['a']],
    ['a whole object', z.object({ key: secret(z.object({ d: z.string() })) }), { key: { d: 's' } }, {}],
    [
      'an intersection',
      z.intersection(z.object({ word }), z.object({ b: z.int() })),
      { word: 's', b: 1 },
      { b: 1 },
    ],
  ])('is left out: %s', (_, schema, value, left) => {
    const keeper = secretKeeper(schema);
    expect(keeper.hasSecrets).toBe(true);
    expect(keeper.strip(value)).toEqual(left);
  });

  it('is left out at every depth of a schema that refers to itself', () => {
    const node = z.object({
      word,
      get children() {
        return z.array(node);
      },
    });
    const value = { word: 's', children: [{ word: 's', children: [] }] };
    expect(secretKeeper(node).strip(value)).toEqual({ children: [{ children: [] }] });
  });

  it('leaves everything else as it is', () => {
    const keeper = secretKeeper(z.object({ a: z.array(z.int()), b: z.record(z.string(), z.unknown()) }));
    const value = { a: [1, 2], b: { secret: { deep: [null, 'x'] } } };
    expect(keeper.hasSecrets).toBe(false);
    expect(keeper.strip(value)).toEqual(value);
  });
});
