/** Uses of a text before it is prepared: one that is put together anew each time never is. */
const USES = 3;
/** Texts that are counted or prepared; a session keeps what it prepared. */
const MOST = 200;

/**
 * Names under which the statements of handlers' `write`s are prepared, so that each session parses and plans a text once.
 * A name is of its text for as long as the process lives.
 */
export interface HandlerStatements {
  /** Undefined: send it unprepared. */
  nameOf(text: string): string | undefined;
  /** A deployment changed what a prepared statement answers: all get new names, and are prepared anew. */
  renew(): void;
}

export function createHandlerStatements(): HandlerStatements {
  const uses = new Map<string, number>();
  const names = new Map<string, string>();
  let last = 0;
  return {
    nameOf(text) {
      const known = names.get(text);
      if (known !== undefined) return known;
      const count = (uses.get(text) ?? 0) + 1;
      if (count < USES) {
        if (uses.size < MOST || uses.has(text)) uses.set(text, count);
        return undefined;
      }
      uses.delete(text);
      if (names.size >= MOST) return undefined;
      last += 1;
      names.set(text, `handler-${last}`);
      return names.get(text);
    },
    renew() {
      names.clear();
    },
  };
}

/** "cached plan must not change result type": the transaction did nothing and may run again. */
export function isStalePlan(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === '0A000' && String(message).startsWith('cached plan');
}
