import { expect, it } from 'vitest';
import { Permanent } from '#shared/errors';
import { runChecks } from './run-checks.ts';

const check = (name: string, run: () => readonly string[]) => ({ name, run: async () => run() });

it('a page that cannot be read is said by every rule that reads it, and the others are still looked at', async () => {
  const lines: string[] = [];
  const broken = await runChecks(
    [
      check('one', () => {
        throw new Permanent('topology-invalid', 'It is not valid:\nevents.yaml:38: memory: "4GB"');
      }),
      check('two', () => ['a.ts:1: wrong']),
      check('three', () => []),
    ],
    (line) => lines.push(line.replace(/ \(.*/, '')),
  );
  expect(broken).toBe(2);
  expect(lines).toEqual([
    'BROKEN  one',
    '        It is not valid:',
    '        events.yaml:38: memory: "4GB"',
    'BROKEN  two',
    '        a.ts:1: wrong',
    'ok      three',
    '1 of 3 checks hold',
  ]);
});

it('a fault of a check is no answer of it', async () => {
  const faulty = check('faulty', () => {
    throw new TypeError('x is undefined');
  });
  await expect(runChecks([faulty], () => undefined)).rejects.toThrow(TypeError);
});
