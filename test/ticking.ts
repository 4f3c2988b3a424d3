import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies, Emit, FunctionDefinition, FunctionInput } from '#shared/function';
import type { CommandBench } from './command-bench.ts';

/** Milliseconds. Who has not ended by then waits for a lock. */
const WAITS_MS = 5_000;

/** What a function does at a tick that needs nothing but the database. */
export function tickingAt(
  bench: Pick<CommandBench, 'within'>,
  definition: FunctionDefinition<'schedule.ticked', never>,
) {
  async function handled() {
    const input = {} as FunctionInput<'schedule.ticked'>;
    const { write } = await definition.handle(input, {} as Dependencies<never>);
    return write;
  }
  async function tick(): Promise<readonly Emit[]> {
    const write = await handled();
    return (await bench.within(async (tx) => await write?.(tx)))?.events ?? [];
  }
  return {
    /** One tick's commit; answers what it published. */
    tick,
    /**
     * Two ticks, of which the second begins when the first has written all and not committed; and whether it waited for
     * that.
     */
    async twoTicks(): Promise<{ first: readonly Emit[]; second: readonly Emit[]; hasWaited: boolean }> {
      const write = await handled();
      const { done, beside, hasWaited } = await bench.within(async (tx) => {
        const done = await write?.(tx);
        const second = tick();
        const hasWaited = await Promise.race([second.then(() => false), sleep(WAITS_MS, true)]);
        return { done, beside: { second }, hasWaited };
      });
      return { first: done?.events ?? [], second: await beside.second, hasWaited };
    },
    /** A tick whose process dies when all is written and nothing committed. */
    async tickThatDies(): Promise<void> {
      const write = await handled();
      const died = new Error('It died.');
      await bench
        .within(async (tx) => {
          await write?.(tx);
          throw died;
        })
        .catch((error: unknown) => {
          if (error !== died) throw error;
        });
    },
  };
}
