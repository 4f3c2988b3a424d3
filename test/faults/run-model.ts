/** What one run may have become, in plain code. */
interface Expected {
  readonly topic: string;
  /** Its publication was answered; else it may be there or not. */
  isSure: boolean;
  cancel: 'no' | 'maybe' | 'yes';
}

/**
 * The ledger as its users know it: each run ends as its topic says, unless it was cancelled. A retry changes nothing
 * of that, a replay is a run more of the same topic, and while a brake is on nothing of its function begins.
 */
export class RunModel {
  readonly #runs = new Map<string, Expected>();
  /** Attempts of a function that had begun when its brake was on. */
  readonly #brakes = new Map<string, number>();
  readonly #found: string[] = [];

  runs(): readonly string[] {
    return [...this.#runs.keys()];
  }

  published(id: string, topic: string): void {
    const known = this.#runs.get(id);
    if (known === undefined) this.#runs.set(id, { topic, isSure: true, cancel: 'no' });
    else known.isSure = true;
  }

  maybePublished(id: string, topic: string): void {
    if (!this.#runs.has(id)) this.#runs.set(id, { topic, isSure: false, cancel: 'no' });
  }

  replayed(of: string, id: string): void {
    this.published(id, this.#topicOf(of));
  }

  maybeReplayed(of: string, id: string): void {
    this.maybePublished(id, this.#topicOf(of));
  }

  cancelled(id: string): void {
    const known = this.#runs.get(id);
    if (known !== undefined) known.cancel = 'yes';
  }

  maybeCancelled(id: string): void {
    const known = this.#runs.get(id);
    if (known?.cancel === 'no') known.cancel = 'maybe';
  }

  /** @param begun attempts of the function so far, asked once the brake was answered */
  paused(name: string, begun: number): void {
    if (!this.#brakes.has(name)) this.#brakes.set(name, begun);
  }

  isPaused(name: string): boolean {
    return this.#brakes.has(name);
  }

  /** Its brake is about to come off. @param begun attempts of the function by then */
  resuming(name: string, begun: number): void {
    const before = this.#brakes.get(name);
    if (before !== undefined && before !== begun)
      this.#found.push(`${begun - before} attempts of ${name} began while it was paused`);
    this.#brakes.delete(name);
  }

  /** What the ledger says otherwise; one line each. */
  contradictions(ledger: ReadonlyMap<string, string>): readonly string[] {
    const found = [...this.#found];
    for (const [id, expected] of this.#runs) {
      const state = ledger.get(id);
      const allowed = allowedStates(expected);
      if (state === undefined ? expected.isSure : !allowed.includes(state))
        found.push(
          `${id} (${expected.topic}) is ${state ?? 'not there'} and should be ${allowed.join(' or ')}`,
        );
    }
    for (const id of ledger.keys()) if (!this.#runs.has(id)) found.push(`${id} was never asked for`);
    return found;
  }

  #topicOf(id: string): string {
    return this.#runs.get(id)?.topic ?? 'unknown';
  }
}

function allowedStates({ topic, cancel }: Expected): readonly string[] {
  const natural = topic === 'fails for good' ? 'failed' : 'completed';
  if (cancel === 'yes') return ['cancelled'];
  return cancel === 'no' ? [natural] : [natural, 'cancelled'];
}
