import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256Of } from './ledger-facts.ts';
import { filesUnder, type Product } from './product.ts';

/** Looks at every object that can be seen, again and again, while a video is made. */
export interface ProductWatch {
  /** Ends the watch. Answers each path that was ever seen otherwise than it first was, or gone again. */
  end(): Promise<{
    readonly faults: readonly string[];
    readonly looks: number;
    readonly seen: readonly string[];
  }>;
}

/**
 * An object that can be seen must be whole: its length and bytes at first sight are those at the end. Only attempts
 * that did not commit may vanish.
 */
export function watchProducts(product: Product): ProductWatch {
  const root = join(product.dataDir, 'objects', 'artifacts');
  const first = new Map<string, { bytes: number; sha256: string }>();
  const faults = new Set<string>();
  let isOver = false;
  let looks = 0;

  async function look(): Promise<void> {
    for (const path of await filesUnder(root)) {
      if (path.startsWith('.incoming')) continue;
      const found = await stat(join(root, path)).catch(() => undefined);
      if (found === undefined) continue;
      const known = first.get(path);
      if (known === undefined)
        first.set(path, { bytes: found.size, sha256: await sha256Of(join(root, path)) });
      else if (known.bytes !== found.size) faults.add(`${path}: ${known.bytes} bytes, then ${found.size}`);
    }
    looks++;
  }

  const looking = (async () => {
    while (!isOver) {
      await look();
      await sleep(15);
    }
  })();

  return {
    async end() {
      isOver = true;
      await looking;
      for (const [path, { sha256 }] of first) {
        const now = await sha256Of(join(root, path));
        const mayVanish = path.startsWith('runs/') && now === '';
        if (now !== sha256 && !mayVanish) faults.add(`${path}: other bytes than at first sight`);
      }
      return { faults: [...faults], looks, seen: [...first.keys()] };
    },
  };
}
