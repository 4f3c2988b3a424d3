import { userInfo } from 'node:os';
import type { PauseView } from '#shared/ledger';
import type { Terminal } from '../terminal.ts';
import { withOperations } from './with-operations.ts';
import { clockText } from './words.ts';

/** `millrace pause`: puts a brake on a function or a provider; without a name, says which there are. */
export async function pause(request: {
  terminal: Terminal;
  name: string | undefined;
  reason: string;
}): Promise<void> {
  const { terminal, name, reason } = request;
  await withOperations(async (operations) => {
    if (name !== undefined)
      terminal.say(brakeText(await operations.pause({ name, reason, by: userInfo().username })));
    else {
      const all = await operations.listPauses();
      for (const one of all) terminal.say(brakeText(one));
      if (all.length === 0) terminal.say('No brake is on.');
    }
  });
}

/** `millrace resume`: takes the brake off. */
export async function resume({ terminal, name }: { terminal: Terminal; name: string }): Promise<void> {
  const { resumed } = await withOperations((operations) => operations.resume({ name }));
  terminal.say(resumed ? `${name} goes on.` : `There was no brake on ${name}.`);
}

function brakeText({ name, kind, since, by, reason, functions, waiting }: PauseView): string {
  const held = kind === 'provider' ? ` (${functions.join(', ')})` : '';
  const behind = waiting === 1 ? '1 delivery waits' : `${waiting} deliveries wait`;
  return (
    `${name}${held} is paused since ${clockText(since)} by ${by}: ${reason}. ${behind} behind it; ` +
    `work in hand goes on to its end.\n→ npx millrace resume ${name}`
  );
}
