import { expect, test } from 'vitest';
import { invalidRequest } from './invalid-request.ts';

const error = (field: string, message = 'At most 3.') => ({ field, message });

test.each([
  [[error('size')], 'One field is wrong: size. At most 3.'],
  [[error('size'), error('size', 'Must be even.')], 'One field is wrong: size. At most 3. Must be even.'],
  [[error('size'), error('size')], 'One field is wrong: size. At most 3.'],
  [[error('', 'This must be of type object.')], 'The body is wrong. This must be of type object.'],
  [[error('size'), error('size'), error('title')], '2 fields are wrong: size and title.'],
  [[error('a'), error('b'), error('c')], '3 fields are wrong: a, b and c.'],
  [
    Array.from({ length: 12 }, (_, n) => error(`f${n}`)),
    '12 fields are wrong: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9 and 2 more.',
  ],
])('each wrong field is named and counted once (%#)', (errors, sentence) => {
  const problem = invalidRequest(errors);
  expect(problem.message).toBe(sentence);
  expect(problem.errors).toEqual(errors);
});
