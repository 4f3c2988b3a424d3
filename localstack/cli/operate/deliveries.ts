import { Permanent } from '#shared/errors';
import type { DeliveryFilter, DeliveryState, ListedDelivery } from '#shared/ledger';
import type { Terminal } from '../terminal.ts';
import { withOperations } from './with-operations.ts';
import { attemptsText, clockText } from './words.ts';

/** Which deliveries, as typed. */
export interface FilterWords {
  readonly state?: DeliveryState;
  readonly function?: string;
  readonly flow?: string;
  readonly run?: string;
  readonly code?: string;
  readonly owner?: string;
}

/** `millrace deliveries`: newest first. */
export async function deliveries(request: {
  terminal: Terminal;
  words: FilterWords & { limit: number; json?: boolean };
}): Promise<void> {
  const { terminal, words } = request;
  const { json = false, limit, ...filter } = words;
  const found = await withOperations((operations) => operations.listDeliveries({ ...filter, limit }));
  if (json) terminal.say(JSON.stringify(found.deliveries, undefined, 2));
  else for (const one of found.deliveries) terminal.say(deliveryText(one));
  if (found.deliveries.length === 0 && !json) terminal.say('There is no such delivery.');
  if (found.next !== undefined) terminal.complain(`There are more than ${limit}: --limit shows them.`);
}

/** `millrace retry`: one dead delivery, or all that a filter takes. */
export async function retry(request: {
  terminal: Terminal;
  id: string | undefined;
  words: Omit<FilterWords, 'state'> & { all?: boolean; dryRun?: boolean };
}): Promise<void> {
  const { terminal, id, words } = request;
  const { all = false, dryRun = false, ...filter } = words;
  if (id !== undefined) {
    if (all || dryRun || Object.keys(filter).length > 0)
      throw new Permanent('words-wrong', 'Give a delivery or a filter, not both.');
    await withOperations((operations) => operations.retryDelivery({ delivery: id }));
    terminal.say(`${id} is due again. → npx millrace why ${id}`);
    return;
  }
  if (!all && Object.keys(filter).length === 0) {
    throw new Permanent(
      'words-wrong',
      'Say which: a delivery, a filter (--function, --code, --run, --flow, --owner), or --all. See them with: npx millrace deliveries --state dead',
    );
  }
  await withOperations(async (operations) => {
    for (let isMore = true; isMore; ) {
      const { matched, retried, skipped, more, sample } = await operations.retryDeliveries({
        ...(filter satisfies DeliveryFilter),
        dryRun,
      });
      if (dryRun) for (const one of sample) terminal.say(deliveryText(one));
      const left =
        skipped === 0 || (more && !dryRun)
          ? ''
          : `; ${skipped} of cancelled runs or of functions that are gone cannot be`;
      terminal.say(
        dryRun
          ? `${matched}${more ? ' or more' : ''} would be due again${left}.`
          : `${retried} are due again${left}.`,
      );
      isMore = more && !dryRun && retried > 0;
    }
  });
}

function deliveryText(one: ListedDelivery): string {
  const name = [one.function, one.key].filter(Boolean).join(' ');
  const error = one.error === undefined ? '' : `  ${one.error.code}: ${one.error.message}`;
  const state = one.paused === undefined ? one.state : `${one.state} (paused)`;
  const tried = attemptsText(one);
  const after = tried === undefined ? '' : `  after ${tried}`;
  return `${one.id}  ${clockText(one.createdAt)}  ${state}  ${name}  of ${one.owner}${after}${error}`;
}
