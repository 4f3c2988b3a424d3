import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../end-to-end/processes.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { chainRun, startTestPlatform, type TestPlatform } from './platform/platform.ts';

const run = promisify(execFile);

/** A device of one megabyte. Where none can be mounted the test fails: it would show nothing. */
async function smallDevice(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-small-'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'millrace-test', folder]);
  onTestFinished(async () => {
    await run('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

async function platformOn(folders: { objects?: string; work?: string }): Promise<TestPlatform> {
  const platform = await startTestPlatform(folders);
  onTestFinished(() => platform.remove());
  await Promise.all([platform.start('worker'), platform.start('scheduler')]);
  return platform;
}

/** Resolves with what the first failed attempt says. */
function said(platform: TestPlatform): Promise<{ code: string; message: string }> {
  return until({
    what: 'an attempt fails',
    limitMs: 60_000,
    look: async () =>
      (
        await platform.rows<{ code: string; message: string }>(
          `select error ->> 'code' as code, error ->> 'message' as message from ledger.attempt where outcome = 'transient' limit 1`,
        )
      )[0],
  });
}

const tryAgainNow = (platform: TestPlatform) =>
  platform.rows(`update ledger.delivery set later_at = ledger.ledger_now() where later_at is not null`);

describe('a full disk', () => {
  it('of the objects: the step says so, waits, and goes on once there is space', async () => {
    const objects = await smallDevice();
    const platform = await platformOn({ objects });
    // What is left is less than a page.
    await writeFile(join(objects, 'ballast'), Buffer.alloc(2 ** 20)).catch(() => undefined);
    await platform.ledger.publish(chainRun());
    const { code, message } = await said(platform);
    expect(code).toBe('disk-full');
    expect(message).toContain('free some space');
    expect(await platform.rows(`select from ledger.artifact`)).toHaveLength(0);
    await rm(join(objects, 'ballast'));
    await tryAgainNow(platform);
    await platform.settled();
    expect(await platform.rows(`select state from ledger.run`)).toEqual([{ state: 'completed' }]);
    await expectGuarantees({ pool: platform.pool, objects });
  });

  it('of the work folders: the step says so, and its neighbours go on', async () => {
    const work = await smallDevice();
    const platform = await platformOn({ work });
    await platform.ledger.publish(chainRun('fills its folder'));
    const { code, message } = await said(platform);
    expect({ code, message: message.toLowerCase() }).toEqual({
      code: 'disk-full',
      message: expect.stringContaining('disk is full'),
    });
    await platform.ledger.publish(chainRun());
    await until({
      what: 'the neighbour completes',
      limitMs: 60_000,
      look: async () =>
        (await platform.rows(`select from ledger.run where title = 'does its work' and state = 'completed'`))
          .length === 1 && true,
    });
    await until({
      what: 'the step is given up',
      limitMs: 60_000,
      look: async () => {
        await tryAgainNow(platform);
        return (await platform.rows(`select from ledger.run where state = 'failed'`)).length === 1 && true;
      },
    });
    await expectGuarantees({ pool: platform.pool, objects: platform.objects });
  });
});
