import { isAccountId } from '#shared/accounts';
import type { Pool } from '#shared/database';
import { inTransaction } from '#shared/ledger';
import { MOST_BELOW, PARTS, type Part } from './parts.ts';
import {
  EMPTY,
  findRows,
  HOLD,
  IS_ENDED,
  TAKE_CONVERSATION,
  TAKE_MESSAGES,
  TAKE_PERSON,
  takeBelow,
  takeFound,
  takeRows,
} from './statements.ts';

/** What a piece is done in. */
type Session = Parameters<Parameters<typeof inTransaction>[1]>[0];

/** Takes what people left in the database, a short transaction at a time: stopped between two, it goes on there. */
export interface PeopleErasure {
  /**
   * A piece of what somebody left who ended his account, the last of all himself. Of whoever is there, or never was,
   * nothing is taken.
   */
  erase(request: { account: string }): Promise<{ readonly more: boolean }>;
  /** A piece of a conversation that everybody has left. */
  clear(): Promise<{ readonly more: boolean }>;
}

export function createPeopleErasure({ pool }: { pool: Pool }): PeopleErasure {
  return {
    async erase({ account }) {
      if (!isAccountId(account)) return { more: false };
      return { more: await inTransaction(pool, (tx) => takePiece(tx, account)) };
    },
    async clear() {
      return { more: await inTransaction(pool, clearPiece) };
    },
  };
}

/** Goes on until one part is more than a piece holds. */
async function takePiece(tx: Session, account: string): Promise<boolean> {
  await tx.query(HOLD, [account]);
  const { rowCount: isEnded } = await tx.query(IS_ENDED, [account]);
  if (isEnded === 0) return false;
  for (const part of PARTS) if (!(await takePart(tx, part, account))) return true;
  await tx.query(TAKE_PERSON, [account]);
  return false;
}

/** Answers whether nothing of it is left. */
async function takePart(tx: Session, part: Part, account: string): Promise<boolean> {
  if (part.below === undefined) return (await count(tx, takeRows(part), account)) < part.most;
  const { rows } = await tx.query<{ id: string }>(findRows(part), [account]);
  if (rows.length === 0) return true;
  const ids = rows.map(({ id }) => id);
  for (const rowsBelow of part.below)
    if ((await count(tx, takeBelow(rowsBelow), ids)) === MOST_BELOW) return false;
  await tx.query(takeFound(part), [ids]);
  return rows.length < part.most;
}

async function count(tx: Session, text: string, value: string | readonly string[]): Promise<number> {
  return (await tx.query(text, [value])).rowCount ?? 0;
}

async function clearPiece(tx: Session): Promise<boolean> {
  const { rows } = await tx.query<{ id: string }>(EMPTY);
  const [empty] = rows;
  if (empty === undefined) return false;
  if ((await count(tx, TAKE_MESSAGES, empty.id)) === 0) await tx.query(TAKE_CONVERSATION, [empty.id]);
  return true;
}
