import type { WakeUp } from '#shared/ledger';
import type { PostWakeUp } from '#shared/transport';

/** More are not kept in memory; the ledger sends them again. */
const MOST_WAITING = 1_000;
const REST_MS = { first: 100, longest: 30_000 };
/** A function that is full for a moment is no news. */
const NEWS_AFTER = 5;
/** Who was listened to for so long was taken: it is the gateway's patience that ended, and the work goes on. */
const LISTENED_MS = 5_000;

/** The calls of one function: so many at once as are taken, and none for a time after one was refused. */
export interface FunctionLine {
  /** Sends it as soon as there is room. What is on its way already is not sent twice. */
  add(wakeUp: WakeUp): void;
  waiting(): number;
  underWay(): number;
}

export function createFunctionLine(options: {
  post: PostWakeUp;
  /** At most so many at once. */
  slots: number;
  /** Calls after it are dropped, and those under way are let go. */
  signal: AbortSignal;
  onSent: () => void;
  /** `refused`: it is tried again, and has been for a while where that is `news`; `cut`: the work goes on unheard. */
  onFailed: (error: unknown, how: 'refused' | 'refused, news' | 'cut') => void;
}): FunctionLine {
  const { post, slots, signal, onSent, onFailed } = options;
  const queue = new Map<string, WakeUp>();
  const calls = new Set<string>();
  /** As many were taken at once. */
  let width = slots;
  let restMs = 0;
  let rests = 0;
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    // After a refusal one goes ahead and sees whether the others may follow.
    const most = restMs > 0 ? 1 : width;
    for (const [delivery, wakeUp] of queue) {
      if (timer !== undefined || signal.aborted || calls.size >= most) return;
      queue.delete(delivery);
      calls.add(delivery);
      void send(wakeUp);
    }
  }

  async function send(wakeUp: WakeUp): Promise<void> {
    const before = performance.now();
    try {
      await post(wakeUp, signal);
      restMs = 0;
      rests = 0;
      width = Math.min(slots, width + 1);
      onSent();
    } catch (error) {
      if (signal.aborted) return;
      // The ledger has it, and sends it again if it is still due.
      if (performance.now() - before >= LISTENED_MS) onFailed(error, 'cut');
      else {
        rest(wakeUp);
        onFailed(error, rests >= NEWS_AFTER ? 'refused, news' : 'refused');
      }
    } finally {
      calls.delete(wakeUp.delivery);
      pump();
    }
  }

  function rest(refused: WakeUp): void {
    if (!queue.has(refused.delivery)) queue.set(refused.delivery, refused);
    width = Math.max(1, Math.min(width, calls.size - 1));
    // Others that were under way with it say the same.
    if (timer !== undefined) return;
    restMs = Math.min(REST_MS.longest, Math.max(REST_MS.first, restMs * 2));
    rests += 1;
    timer = setTimeout(() => {
      timer = undefined;
      pump();
    }, restMs).unref();
  }

  return {
    add(wakeUp) {
      if (calls.has(wakeUp.delivery) || (queue.size >= MOST_WAITING && !queue.has(wakeUp.delivery))) return;
      queue.set(wakeUp.delivery, wakeUp);
      pump();
    },
    waiting: () => queue.size,
    underWay: () => calls.size,
  };
}
