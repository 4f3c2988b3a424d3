/** When what was sent arrived, by its key. */
export interface Arrivals {
  /** As `performance.now()`; asked before it is sent. @throws Error when nothing arrives in time */
  of(key: string): Promise<number>;
  /** Something came; a key that nobody asked for is nothing. */
  note(key: string): void;
}

const LIMIT_MS = 30_000;

export function createArrivals(): Arrivals {
  const waiting = new Map<string, () => void>();
  return {
    of: (key) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`Nothing of ${key} arrived within ${LIMIT_MS / 1_000} s.`)),
          LIMIT_MS,
        );
        waiting.set(key, () => {
          clearTimeout(late);
          waiting.delete(key);
          resolve(performance.now());
        });
      }),
    note: (key) => waiting.get(key)?.(),
  };
}
