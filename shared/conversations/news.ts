import type { Transaction } from '#shared/ledger';
import { publish } from '#shared/realtime';
import { hearersOf } from './membership.ts';
import { type MessageView, viewOf } from './message-view.ts';

/** What carries a message's text to those who hear it. */
export const CARRY_TEXT = ['message.sent', 'message.edited'] as const;

/** Tells all who may see a message what it is now. The last thing of a transaction. */
export async function tellOfMessage(
  tx: Transaction,
  { type, message, by }: { type: 'message.sent' | 'message.edited'; message: string; by: string },
): Promise<void> {
  const view = await viewOf(tx, { message, viewer: by });
  await publish(tx, { to: await hearersOf(tx, view), type, data: toldOf(view) });
}

/** For everybody: what only its reader knows of himself stays out. Links are in the answers of the interface alone. */
function toldOf(view: MessageView): object {
  const { isHidden: _hidden, reactions, sentAt, editedAt, deletedAt, ...rest } = view;
  return {
    ...rest,
    reactions: reactions.map(({ emoji, count }) => ({ emoji, count })),
    sentAt: sentAt.toISOString(),
    ...(editedAt === null ? {} : { editedAt: editedAt.toISOString() }),
    ...(deletedAt === null ? {} : { deletedAt: deletedAt.toISOString() }),
  };
}

/** Tells all who take part that title or members are others. */
export async function tellOfChange(
  tx: Transaction,
  { conversation, version }: { conversation: string; version: number },
): Promise<void> {
  const members = await tx.query<{ account: string }>(MEMBERS, [conversation]);
  const to = members.map(({ account }) => account);
  await publish(tx, { to, type: 'conversation.changed', data: { conversation, version } });
}

export const MEMBERS = 'select account from people.participant where conversation = $1::uuid';
