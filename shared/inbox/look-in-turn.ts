import type { FolderWatch } from './watch-folder.ts';

/** More wait for the next round of the sweep, which finds them again. */
const MOST_WAITING = 10_000;

/** What stands for a folder's watch where objects appear whole (S3): each is looked at once, one after the other. */
export function lookInTurn(options: {
  onKey: (key: string) => Promise<unknown>;
  onError: (error: unknown) => void;
}): FolderWatch {
  const waiting = new Set<string>();
  let working: Promise<void> | undefined;
  let isStopped = false;

  async function work(): Promise<void> {
    for (const key of waiting) {
      if (isStopped) return;
      waiting.delete(key);
      await options.onKey(key).catch(options.onError);
    }
  }

  return {
    touch(key) {
      if (isStopped || waiting.size >= MOST_WAITING) return;
      waiting.add(key);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    async stop() {
      isStopped = true;
      await working;
    },
  };
}
