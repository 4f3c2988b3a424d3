import type { Transaction } from '#shared/ledger';

/** As handles are written (shared/accounts/fields.ts), behind nothing that would make it an address. */
const MENTION = /(?<![\p{L}\p{N}_@.])@([a-z][a-z0-9_]{2,29})(?![\p{L}\p{N}_@])/giu;
const MOST_MENTIONS = 50;

/** Those who are named (`@alice`) and take part: nobody else hears of it. */
export async function mentionedIn(
  tx: Transaction,
  { conversation, author, text }: { conversation: string; author: string; text: string },
): Promise<readonly string[]> {
  const handles = new Set([...text.matchAll(MENTION)].map(([, handle = '']) => handle.toLowerCase()));
  if (handles.size === 0) return [];
  const found = await tx.query<{ id: string }>(MENTIONED, [
    [...handles].slice(0, MOST_MENTIONS),
    conversation,
    author,
  ]);
  return found.map(({ id }) => id);
}

export const MENTIONED = `
  select a.id from people.account a
  join people.participant p on p.account = a.id and p.conversation = $2::uuid
  where a.handle = any($1::text[]) and a.id <> $3::uuid
  order by a.id`;
