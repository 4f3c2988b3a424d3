import { reach } from '#shared/faults';
import type { Ledger } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';

/**
 * Removes a settled run with all that it made. The rows go first: an object whose row is gone is nobody's, and the
 * sweep finds what a crash in between leaves behind.
 *
 * @throws Conflict `run-open`
 */
export async function removePipeline({
  ledger,
  artifacts,
  run,
}: {
  ledger: Ledger;
  artifacts: ObjectStore;
  run: string;
}): Promise<void> {
  const { keys, hasForks } = await ledger.removeRun({ run });
  await reach('remove.removed');
  for (const key of keys) await artifacts.remove(key);
  // A fork goes on reading the input of the run that it came from.
  const prefixes = [`output/${run}/`, ...(hasForks ? [] : [`runs/${run}/input/`])];
  for (const prefix of prefixes) await removeAll(artifacts, prefix);
}

async function removeAll(artifacts: ObjectStore, prefix: string): Promise<void> {
  for (let after: string | undefined; ; ) {
    const page = await artifacts.list(prefix, after === undefined ? {} : { after });
    for (const { key } of page.objects) await artifacts.remove(key);
    if (page.next === undefined) return;
    after = page.next;
  }
}
