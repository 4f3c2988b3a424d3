import { expect, it } from 'vitest';
import { readGloss } from './gloss.ts';

it.each([
  [
    'a reference to yourself or myself etc.; "take care of number one"',
    'a reference to yourself or myself and so on',
  ],
  ['plates, cups, etc.', 'plates, cups and so on'],
  ['(botany) a stem (or branch)', 'a stem'],
])('says of "%s" what can be spoken', (definition, main) => {
  expect(readGloss(definition).main).toBe(main);
});
