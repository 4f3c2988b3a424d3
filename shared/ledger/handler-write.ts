import type { PoolClient } from 'pg';
import { Transient } from '#shared/errors';
import { createHandlerStatements, isStalePlan } from './handler-statements.ts';
import type { NewEvent } from './model.ts';

/** The open transaction of a commit, as a handler's `write` sees it: at most a second, nothing outside. */
export interface Transaction {
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface WriteResult {
  readonly events?: readonly NewEvent[];
  readonly reply?: unknown;
}

export type Write = (tx: Transaction) => Promise<WriteResult>;

/** A `write` has a second; a busy database is forgiven, one that waits for something outside is not. */
const LIMIT_MS = 5_000;

/** A `write` held its transaction open for too long. Its session may still be at work: nobody must use it again. */
export class WriteTooSlow extends Transient {
  constructor() {
    super(
      'write-too-slow',
      `The handler's write did not end within ${LIMIT_MS / 1_000} s; keep it under a second, and outside calls in handle.`,
    );
  }
}

const statements = createHandlerStatements();

/**
 * Runs a handler's `write`, if it has one, in an open transaction.
 *
 * @param opened resolves when the transaction holds its locks; what it waits for them is not the handler's time
 * @throws WriteTooSlow, and whatever it throws
 */
export async function runWrite(
  tx: PoolClient,
  write: Write | undefined,
  opened: Promise<unknown> = Promise.resolve(),
): Promise<WriteResult> {
  if (write === undefined) return {};
  const late = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;
  // A failed opening is the caller's to see.
  opened.then(
    () => {
      if (!hasEnded) timer = setTimeout(() => late.reject(new WriteTooSlow()), LIMIT_MS);
    },
    () => undefined,
  );
  try {
    return await Promise.race([write(transactionOf(tx)), late.promise]);
  } finally {
    hasEnded = true;
    clearTimeout(timer);
  }
}

function transactionOf(tx: PoolClient): Transaction {
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      const name = statements.nameOf(text);
      try {
        const result = await tx.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
        return result.rows as Row[];
      } catch (error) {
        if (isStalePlan(error)) statements.renew();
        throw error;
      }
    },
  };
}
