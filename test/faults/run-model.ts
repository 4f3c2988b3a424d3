/** What one run may have become, in plain code. */
interface Expected {
  readonly topic: string;
  /** Its publication was answered; else it may be there or not. */
  isSure: boolean;
  cancel: 'no' | 'maybe' | 'yes';
}

/** The ledger as its users know it: each run ends as its topic says, unless it was cancelled. A retry changes nothing of that. */
export class RunModel {
  readonly #runs = new Map<string, Expected>();

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

  cancelled(id: string): void {
    const known = this.#runs.get(id);
    if (known !== undefined) known.cancel = 'yes';
  }

  maybeCancelled(id: string): void {
    const known = this.#runs.get(id);
    if (known?.cancel === 'no') known.cancel = 'maybe';
  }

  /** What the ledger says otherwise; one line each. */
  contradictions(ledger: ReadonlyMap<string, string>): readonly string[] {
    const found: string[] = [];
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
}

function allowedStates({ topic, cancel }: Expected): readonly string[] {
  const natural = topic === 'fails for good' ? 'failed' : 'completed';
  if (cancel === 'yes') return ['cancelled'];
  return cancel === 'no' ? [natural] : [natural, 'cancelled'];
}
