import { expect } from 'vitest';
import type { FrontDoor } from './front-door.ts';

/** Whatever was sent, none of it was an error of ours. */
export function expectNoErrors(door: FrontDoor): void {
  const failed = door.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error');
  expect(failed).toEqual([]);
}
