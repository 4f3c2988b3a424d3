/** Told once, it holds for some seconds at whoever hears it. */
const EVERY_MS = 1_000;
/** Kept of who told something lately. */
const MOST_KEPT = 10_000;

/** Lets each tell it once a second: keys are struck more often than that. */
export function createTypingPace({ now = () => performance.now() }: { now?: () => number } = {}): {
  mayTell(who: string): boolean;
} {
  const told = new Map<string, number>();
  return {
    mayTell(who) {
      const at = now();
      const last = told.get(who);
      if (last !== undefined && at - last < EVERY_MS) return false;
      // Put in anew, so that the oldest come first.
      told.delete(who);
      told.set(who, at);
      for (const [oldest, since] of told) {
        if (told.size <= MOST_KEPT && at - since < EVERY_MS) break;
        told.delete(oldest);
      }
      return true;
    },
  };
}
