import type { Replayed } from '#shared/ledger';
import type { Terminal } from '../terminal.ts';
import { withOperations } from './with-operations.ts';
import { bytesText } from './words.ts';

/** `millrace replay`: a new run that keeps what came before a step and makes the rest again. */
export async function replay(request: {
  terminal: Terminal;
  run: string;
  words: { from: string; key?: string; redo?: readonly string[]; dryRun?: boolean; json?: boolean };
}): Promise<void> {
  const { terminal, run, words } = request;
  const { json = false, ...wish } = words;
  const replayed = await withOperations((operations) => operations.replay({ run, ...wish }));
  if (json) terminal.say(JSON.stringify(replayed, undefined, 2));
  else for (const line of replayLines(replayed)) terminal.say(line);
}

function replayLines({ run, due, again, copied, kept, artifacts }: Replayed): readonly string[] {
  const list = (counted: Replayed['due']) =>
    counted
      .map((one) => (one.deliveries === 1 ? one.function : `${one.deliveries} × ${one.function}`))
      .join(', ') || 'nothing';
  return [
    `Copied:      ${list(copied)}; ${artifacts.count} files (${bytesText(artifacts.bytes)}, shared with the old run)`,
    `Due at once: ${list(due)}`,
    `Made again:  ${list(again)}`,
    ...(kept.length === 0
      ? []
      : [
          `Kept as it was, because it acted outside or wrote rows: ${kept.join(', ')} (run it again with --redo)`,
        ]),
    run === undefined
      ? 'Nothing was done yet: leave out --dry-run to do it.'
      : `The new run is ${run}. → npx millrace why ${run}`,
  ];
}
