import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../end-to-end/processes.ts';
import { filesUnder } from '../end-to-end/product.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { chainRun, startTestPlatform, type TestPlatform } from './platform/platform.ts';

/** With owners and modes: the server may run as another user. */
const copy = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to]);

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());

/** The whole cluster, copied while it stands still: the embedded Postgres has no pg_dump. */
it('restored to yesterday with the objects of today: what was finished stands, what was open is done once', async () => {
  const folder = join(platform.folder, 'postgres');
  const backup = join(platform.folder, 'backup');
  await Promise.all([platform.start('worker'), platform.start('scheduler')]);
  for (let at = 0; at < 5; at += 1) await platform.ledger.publish(chainRun());
  await platform.settled();
  // In work while the backup is made.
  const { run: open } = await platform.ledger.publish(chainRun('takes a while'));
  await until({
    what: 'it is in work',
    limitMs: 60_000,
    look: async () =>
      (await platform.rows(`select from ledger.delivery where run = $1 and state = 'leased'`, [open]))
        .length === 1 && true,
  });
  await platform.killAll();
  await platform.stopDatabase();
  await copy(folder, backup);
  await platform.startDatabase();

  await platform.housekeeping.takeOver({ silentMs: 0 });
  await Promise.all([platform.start('worker'), platform.start('scheduler')]);
  const { run: today } = await platform.ledger.publish(chainRun());
  await platform.settled();
  await platform.killAll();
  await platform.stopDatabase();

  await rm(folder, { recursive: true });
  await copy(backup, folder);
  await platform.startDatabase();
  await platform.housekeeping.takeOver({ silentMs: 0 });
  await Promise.all([platform.start('worker'), platform.start('scheduler')]);
  await platform.settled();

  expect(await platform.rows(`select state, count(*)::int as runs from ledger.run group by 1`)).toEqual([
    { state: 'completed', runs: 6 },
  ]);
  // Today's bytes are nobody's now; they are never taken for anything, and wait for the sweep.
  expect((await filesUnder(platform.objects)).some((path) => path.startsWith(`runs/${today}/`))).toBe(true);
  await expectGuarantees({ pool: platform.pool, objects: platform.objects, leftovers: true });
}, 120_000);
