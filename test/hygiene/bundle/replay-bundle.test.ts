import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesUnder } from '../../end-to-end/files-under.ts';
import { until } from '../../end-to-end/processes.ts';
import { type Running, startMillrace } from '../run-millrace.ts';
import { failedRun } from './failed-run.ts';
import { unpack } from './unpack.ts';

const { run, dead, folder, pack, load, close } = await failedRun();
beforeAll(() => expect(pack('--out', 'failed.zip')).resolves.toMatchObject({ code: 0 }));
afterAll(close);

describe('millrace replay-bundle', () => {
  it('makes the run stand on an empty laptop where it failed; retried there, it goes on to its end', async () => {
    const here = join(folder, 'a laptop');
    const { code, out, err } = await load(here, 'failed.zip');
    expect(err).toBe('');
    expect(out).toContain(`npx millrace retry ${dead}   (generate-script)`);
    expect(code).toBe(0);
    const environment = { DATA_DIR: here, PORT: '0' };
    const why = await startMillrace({ words: ['why', run], environment }).ended;
    expect(why.out).toMatch(/keyword-fetch: done, .*, after 1 attempt that failed/);
    expect(why.out).toMatch(/generate-script: dead after 1 attempt that failed\n[\s\S]*It said \[secret\]/);
    const twice = await load(here, 'failed.zip');
    expect(twice.code).toBe(1);
    expect(twice.err).toContain('is in this ledger already');
    // The run that is there keeps its file.
    expect(await filesUnder(join(here, 'objects/artifacts'))).toEqual([`runs/${run}/input/hearts.md`]);

    const platform = startMillrace({ words: ['start'], folder, environment });
    try {
      await platform.said(/is ready at/);
      expect((await startMillrace({ words: ['retry', dead], environment }).ended).out).toContain(
        'is due again',
      );
      await until({
        what: 'the run completes',
        limitMs: 60_000,
        everyMs: 1_000,
        look: async () =>
          /\ncompleted after/.test((await startMillrace({ words: ['why', run], environment }).ended).out),
      });
    } finally {
      await stop(platform);
    }
  }, 180_000);

  it('passes on from laptop to laptop, and makes dead deliveries due at once when asked to', async () => {
    const here = join(folder, 'another laptop');
    await load(here, 'failed.zip');
    // From the database that lies in DATA_DIR, too, a bundle can be made, and holds nothing of its password.
    const again = await startMillrace({
      words: ['bundle', run, '--out', 'again.zip'],
      folder,
      environment: { DATA_DIR: here },
    }).ended;
    expect(again).toMatchObject({ code: 0, err: '' });
    const password = (await readFile(join(here, 'postgres/password'), 'utf8')).trim();
    expect(Object.values(await unpack(join(folder, 'again.zip'))).join('\n')).not.toContain(password);

    const third = join(folder, 'a third laptop');
    const { out } = await load(third, 'again.zip', '--retry');
    expect(out).toContain('1 dead deliveries are due again; start: npm start');
    const why = await startMillrace({ words: ['why', run], environment: { DATA_DIR: third } }).ended;
    expect(why.out).toMatch(/generate-script: due, /);
  }, 120_000);
});

async function stop(platform: Running): Promise<void> {
  platform.child.kill('SIGINT');
  await platform.ended;
}
