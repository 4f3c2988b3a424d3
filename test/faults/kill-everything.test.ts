import { describe, it } from 'vitest';
import { deaths } from './deaths.ts';
import { useDyingPlatform } from './dying.ts';

const dying = useDyingPlatform();

describe('kill -9', () => {
  it.each(Object.keys(deaths))(
    'of everything, a process being at %s: every guarantee holds',
    async (point) => {
      const { crashDatabase, killAll } = dying.platform();
      await dying.dieAt(point, 'hold', () => crashDatabase(killAll));
    },
  );
});
