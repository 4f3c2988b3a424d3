import { defineFunction, type Emit } from '#shared/function';
import { takeEndedRuns, tell } from '#shared/notifications';

/**
 * Looks for what has ended, in place of being woken by each run: a step that tells of the end would itself be a step of
 * every run, and the run would not have ended.
 */
export default defineFunction({
  name: 'notify-runs',
  summary: 'Tells people that what they asked for is made, or could not be made.',
  consumes: ['schedule.ticked'],
  needs: [],
  async handle() {
    return {
      write: async (tx) => {
        const events: Emit[] = [];
        const { runs } = await takeEndedRuns(tx);
        for (const { run, owner, title, state, settledAt } of runs)
          events.push(
            ...(await tell(tx, {
              ...{ kind: `run-${state}`, subject: run, to: [owner], title },
              key: `run ${run} ${settledAt}`,
            })),
          );
        return { events, reply: { runs: runs.length } };
      },
    };
  },
});
