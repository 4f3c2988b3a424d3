import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { jsonText } from './json-text.ts';

describe('jsonText', () => {
  it('leaves alone what Postgres can store', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\\u(0000|d[89a-f])/.test(text));
        expect(jsonText(value)).toBe(text);
      }),
    );
  });

  it('makes of anything something that Postgres takes, and still the same shape', async () => {
    const fixture = await createLedgerFixture(testTopology({}));
    const hostile = fc.string({
      unit: fc.constantFrom('\0', '\ud800', '\udc00', '\\', 'u0000', '"', '\n', '🐙', 'd'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(hostile, hostile), { maxLength: 5 }), async (value) => {
        const text = jsonText(value);
        const [row] = await fixture.rows<{ size: number }>('select jsonb_array_length($1::jsonb) as size', [
          text,
        ]);
        expect(row?.size).toBe(value.length);
      }),
    );
    await fixture.close();
  });

  it('writes nothing as null', () => {
    expect(jsonText(undefined)).toBe('null');
  });
});
