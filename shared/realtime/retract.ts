import type { Transaction } from '#shared/ledger';

/** What somebody is no longer to hear, and what he hears in its place. */
export interface Retracted {
  readonly account: string;
  readonly conversation: string;
  /** Those of what was told that are taken back. */
  readonly types: readonly string[];
  readonly as: { readonly type: string; readonly data: object };
}

/**
 * Takes back what one person was told of a conversation and may not have heard yet: at each of those positions stands
 * something else afterwards, so that none is missing. Others hear what they heard. For after a `publish` to the same
 * person in the same transaction, which holds his positions.
 */
export async function retract(tx: Transaction, retracted: Retracted): Promise<void> {
  const { account, conversation, types, as } = retracted;
  await tx.query(RETRACT, [account, conversation, types, as.type, JSON.stringify(as.data)]);
}

/** Of the time of what it replaces, so that it is forgotten with what stands beside it. */
export const RETRACT = `
  with own as materialized (
    select h.position, t.at from people.heard h join people.told t on t.id = h.told
    where h.account = $1::uuid and t.type = any($3::text[]) and t.data->>'conversation' = $2
  ), instead as (
    insert into people.told (type, data, at) select distinct $4::text, $5::jsonb, at from own returning id, at
  )
  update people.heard h set told = i.id from own o join instead i on i.at = o.at
  where h.account = $1::uuid and h.position = o.position`;
