import { MOST_BELOW, type Part } from './parts.ts';

const CHANGE = {
  delete: (table: string) => `delete from people.${table}`,
  forget: (table: string, column: string) => `update people.${table} set ${column} = null`,
} as const;

/** Takes some rows of a part that has nothing below. $1: whose. */
export function takeRows({ table, column, change, most }: Part): string {
  return `${CHANGE[change](table, column)} where ctid = any(array(
    select ctid from people.${table} where ${column} = $1::uuid limit ${most}))`;
}

/** Some of somebody's rows that others hang on. $1: whose. */
export function findRows({ table, column, most }: Part): string {
  return `select id from people.${table} where ${column} = $1::uuid limit ${most}`;
}

/** Takes some of what hangs on rows. $1: their ids. */
export function takeBelow({ table, column, change }: NonNullable<Part['below']>[number]): string {
  return `${CHANGE[change](table, column)} where ctid = any(array(
    select ctid from people.${table} where ${column} = any($1::uuid[]) limit ${MOST_BELOW}))`;
}

/** Takes rows on which nothing hangs any more. $1: their ids. */
export function takeFound({ table }: Part): string {
  return `delete from people.${table} where id = any($1::uuid[])`;
}

/** Of one account one piece at a time, whoever else goes on with it: so nobody takes what is locked for the end. */
export const HOLD = `select pg_advisory_xact_lock(hashtextextended(concat('erase ', $1::uuid), 0))`;

/** The person himself, with the little that is left; nobody who is there. */
export const TAKE_PERSON = 'delete from people.person where id = $1 and ended_at is not null';

export const IS_ENDED = 'select from people.person where id = $1 and ended_at is not null';

/** A conversation that everybody has left. */
export const EMPTY = `
  select id from people.conversation where empty_since is not null order by empty_since limit 1 for update`;

/** Some of its messages, with what hangs on them. $1: which. */
export const TAKE_MESSAGES = `
  delete from people.message where id = any(array(
    select id from people.message where conversation = $1::uuid order by seq limit 1000))`;

export const TAKE_CONVERSATION = 'delete from people.conversation where id = $1 and empty_since is not null';
