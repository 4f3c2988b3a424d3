/**
 * Gathers words and hands them on together: at once after a quiet spell, else every `intervalMs`.
 * A NOTIFY in every commit would halve the ledger's throughput (docs/decisions).
 */
export function coalesce(
  deliver: (words: readonly string[]) => void,
  intervalMs: number,
): { add(words: readonly string[]): void; stop(): void } {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    if (waiting.size === 0) return;
    const words = [...waiting];
    waiting.clear();
    timer = setTimeout(flush, intervalMs);
    deliver(words);
  };
  return {
    add(words) {
      for (const word of words) waiting.add(word);
      if (timer === undefined) flush();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
