import type { Log } from '#shared/telemetry';

/** Runs later what was started earlier, in the opposite order, whatever each of them does. */
export class Undoing {
  readonly #steps: (() => Promise<unknown>)[] = [];
  add(step: () => Promise<unknown>): void {
    this.#steps.unshift(step);
  }
  async run(log: Log): Promise<void> {
    for (const step of this.#steps.splice(0))
      await step().catch((error) => log.warn({ error }, 'a part did not stop well'));
  }
}
