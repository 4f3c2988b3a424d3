import { isAccountId } from '#shared/accounts';
import { notFound } from '#shared/http';

/** What is no id is of nothing. */
export function idOf(text: string, what: string): string {
  const id = text.toLowerCase();
  if (!isAccountId(id)) throw notFound(what);
  return id;
}
