import { describe, it } from 'vitest';
import { deaths } from './deaths.ts';
import { useDyingPlatform } from './dying.ts';

const dying = useDyingPlatform();

describe('kill -9', () => {
  it.each(Object.keys(deaths))('of Postgres, a process being at %s: every guarantee holds', async (point) => {
    await dying.dieAt(point, 'hold', () => dying.platform().crashDatabase());
  });
});
