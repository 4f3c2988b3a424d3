import { defineFunction } from '#shared/function';

/** Well inside the time limit of its profile; what is left waits for the next tick. */
const BUDGET_MS = 120_000;

/** Removes old runs and leftovers piece by piece, each whole in itself: stopped anywhere, the next tick goes on there. */
export default defineFunction({
  name: 'expire-runs',
  summary:
    'Removes finished runs past their time with all that they made, what people asked to erase, and files that nobody published.',
  consumes: ['schedule.ticked'],
  needs: ['retention'],
  async handle(_input, { retention, clock, signal, progress }) {
    const until = clock.now().getTime() + BUDGET_MS;
    const reply = { erased: 0, runs: 0, looked: 0, leftovers: 0, isFinished: false };
    const pieces = [
      async () => {
        const { runs, more } = await retention.erase();
        reply.erased += runs;
        return more;
      },
      async () => {
        const { runs, more } = await retention.expire();
        reply.runs += runs;
        return more;
      },
      async () => {
        const { looked, removed, more } = await retention.sweep();
        reply.looked += looked;
        reply.leftovers += removed;
        return more;
      },
    ];
    for (const [index, piece] of pieces.entries()) {
      // Each has its turn, however long the ones before it took.
      const end = until - (BUDGET_MS / pieces.length) * (pieces.length - 1 - index);
      let more = true;
      while (more) {
        signal.throwIfAborted();
        more = await piece();
        progress(
          (index + 1) / (pieces.length + 1),
          `${reply.runs + reply.erased} runs, ${reply.leftovers} leftovers removed`,
        );
        if (clock.now().getTime() >= end) break;
      }
      reply.isFinished = (index === 0 || reply.isFinished) && !more;
    }
    return { reply };
  },
});
