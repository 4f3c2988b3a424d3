import { describe, expect, it } from 'vitest';
import { Cancelled, Conflict, MillraceError, Permanent, Transient, toFailure } from './index.ts';

describe('errors', () => {
  it.each([
    [Permanent, 'permanent'],
    [Transient, 'transient'],
    [Conflict, 'conflict'],
    [Cancelled, 'cancelled'],
  ])('%o says what the platform does with it', (Kind, kind) => {
    const error = new Kind('some-code', 'What was wrong.');
    expect(error).toBeInstanceOf(MillraceError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ kind, code: 'some-code', message: 'What was wrong.', name: Kind.name });
  });

  it('keeps its cause for the log, and leaves it out where there is none', () => {
    const cause = new Error('socket hang up');
    expect(new Transient('peer-gone', 'The peer is gone.', { cause }).cause).toBe(cause);
    expect(Object.hasOwn(new Transient('peer-gone', 'The peer is gone.'), 'cause')).toBe(false);
  });
});

describe('toFailure', () => {
  it('keeps what the owner is told, and nothing of the cause', () => {
    const error = new Permanent('voice-unknown', 'There is no voice "bob".', {
      field: 'voice',
      details: { voices: ['slt'] },
      cause: new Error('/home/alice/secret'),
    });
    const failure = toFailure(error);
    expect(failure).toEqual({
      kind: 'permanent',
      code: 'voice-unknown',
      message: 'There is no voice "bob".',
      field: 'voice',
      details: { voices: ['slt'] },
    });
    expect(JSON.stringify(failure)).not.toContain('alice');
  });

  it('has no empty fields: what is stored is what was given', () => {
    expect(Object.keys(toFailure(new Conflict('taken', 'It is taken.')))).toEqual([
      'kind',
      'code',
      'message',
    ]);
  });

  it.each([
    [new TypeError('x is not a function'), ' (TypeError)'],
    [Object.assign(new Error('open /home/me/.key'), { code: 'ENOENT' }), ' (Error, ENOENT)'],
    [Object.assign(new Error('select secret from t'), { code: 'a b' }), ' (Error)'],
    ['postgres://me:secret@host', ''],
    [undefined, ''],
    [null, ''],
    [42, ''],
    [{ message: 'looks like one', name: 'One' }, ''],
  ])(
    'takes anything else thrown (%j) for an unforeseen, passing fault, and keeps its words to itself',
    (thrown, kind) => {
      const message = `An unforeseen error${kind}; the log of the attempt says more.`;
      expect(toFailure(thrown)).toEqual({ kind: 'transient', code: 'unexpected', message });
    },
  );

  it('reports an AbortError like any other: only our own cancel counts as one', () => {
    expect(toFailure(AbortSignal.abort().reason)).toMatchObject({ kind: 'transient', code: 'unexpected' });
  });
});
