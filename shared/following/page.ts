/** Where a page goes on, newest first: after the entry of this time and id. */
export interface PageKey {
  /** With the precision of the tables: milliseconds. */
  readonly at: Date;
  readonly id: string;
}

/** One that comes after nothing: every page begins so. */
export const NEWEST: PageKey = {
  at: new Date('9999-12-31T23:59:59.999Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

export interface PageQuery {
  readonly before?: PageKey | undefined;
  readonly limit: number;
}

/** A cursor is for its page alone: a time in milliseconds and an id. */
const CURSOR = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** In milliseconds; what JavaScript and the database both take. */
const LATEST = 253_402_300_799_999;

/** In the address of the next page. */
export function writeCursor({ at, id }: PageKey): string {
  return `${at.getTime()}.${id}`;
}

/** Undefined for what is no cursor of ours. */
export function readCursor(text: string): PageKey | undefined {
  const [, milliseconds, id] = CURSOR.exec(text) ?? [];
  if (milliseconds === undefined || id === undefined || Number(milliseconds) > LATEST) return undefined;
  return { at: new Date(Number(milliseconds)), id };
}
