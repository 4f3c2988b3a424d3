import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { createLog } from '#shared/telemetry';
import { createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { createInbox, eraseFromInbox, type Inbox } from './index.ts';
import { droppedScripts } from './testing/dropped-scripts.ts';

const MARKDOWN = '# Three hearts\n\nAn octopus has three hearts.\n';

describe('files put into the inbox', () => {
  let fixture: LedgerFixture;
  let folder: string;
  let root: string;
  let artifacts: ObjectStore;
  let inbox: Inbox;
  const lines: string[] = [];

  const open = () =>
    createInbox({
      root,
      topology: droppedScripts,
      artifacts,
      ledger: fixture.ledger,
      pool: fixture.pool,
      account: 'me',
      log: createLog({ service: 'inbox', destination: { write: (line) => void lines.push(line) } }),
      clock: { now: () => new Date() },
    });
  beforeAll(async () => {
    fixture = await createLedgerFixture(droppedScripts);
    folder = await mkdtemp(join(tmpdir(), 'millrace inbox '));
    root = join(folder, 'inbox');
    artifacts = await createFilesystemStore({ root: join(folder, 'artifacts') });
    inbox = await open();
  });
  afterAll(async () => {
    await inbox.stop();
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  const runsOf = async (owner: string) => (await fixture.ledger.listRuns({ owner, limit: 50 })).runs;
  async function until<Value>(look: () => Promise<Value | undefined | false>): Promise<Value> {
    for (let tries = 0; tries < 200; tries++) {
      const seen = await look().catch(() => undefined);
      if (seen !== undefined && seen !== false) return seen;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('It did not come to pass within twenty seconds.');
  }
  const inputOf = async (run: { input: unknown }) => {
    const { artifact } = run.input as { artifact: { key: string; name: string } };
    return await text(await artifacts.get(artifact.key));
  };

  it('become one run each, however often they are noticed, also after a restart and after the run is gone', async () => {
    await mkdir(join(root, 'scripts/alice'), { recursive: true });
    await writeFile(join(root, 'scripts/alice/three-hearts.md'), MARKDOWN);
    await writeFile(join(root, 'plain.md'), MARKDOWN);
    const [run] = await until(async () =>
      (await runsOf('alice')).length > 0 ? await runsOf('alice') : undefined,
    );
    expect(run).toMatchObject({ title: 'three hearts', flow: 'dropped-video' });
    await until(async () => (await runsOf('me')).length === 1);
    await inbox.stop();
    await fixture.ledger.cancelRun({ run: run?.id ?? '' });
    await fixture.ledger.removeRun({ run: run?.id ?? '' });
    inbox = await open();
    await inbox.sweep();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await runsOf('alice')).toEqual([]);
    expect(await runsOf('me')).toHaveLength(1);
  });

  it('may be replaced: the run keeps what it began with, and the new text is another run', async () => {
    const path = join(root, 'scripts/bob/essay.md');
    await mkdir(join(root, 'scripts/bob'), { recursive: true });
    await writeFile(path, MARKDOWN);
    const first = await until(async () => (await runsOf('bob'))[0]);
    await writeFile(`${path}.part`, '# Another text\n\nBees dance.\n');
    await rename(`${path}.part`, path);
    await until(async () => (await runsOf('bob')).length === 2);
    const kept = await fixture.ledger.getRun(first.id);
    expect(kept === undefined ? '' : await inputOf(kept)).toBe(MARKDOWN);
    expect(await inputOf((await runsOf('bob'))[0] ?? { input: {} })).toContain('Bees dance');
  });

  it('are forgotten once they are gone, so that the same file put back is a run again', async () => {
    const path = join(root, 'scripts/carol/again.md');
    await mkdir(join(root, 'scripts/carol'), { recursive: true });
    await writeFile(path, MARKDOWN);
    const run = await until(async () => (await runsOf('carol'))[0]);
    await rm(path);
    await inbox.sweep();
    await fixture.ledger.cancelRun({ run: run.id });
    await fixture.ledger.removeRun({ run: run.id });
    await mkdir(join(root, 'scripts/carol'), { recursive: true });
    await writeFile(path, MARKDOWN);
    await until(async () => (await runsOf('carol')).length === 1);
  });

  it('go with the account whose they are by their keys, or that owns what is nobody’s; the others’ stay', async () => {
    const store = await createFilesystemStore({ root: join(folder, 'erased') });
    const lay = async () => {
      for (const key of ['scripts/alice/a.md', 'scripts/bob/b.md', 'plain.md'])
        await store.put(key, Buffer.from('x'));
    };
    const left = async () => (await store.list('')).objects.map(({ key }) => key);
    await lay();
    await eraseFromInbox({ store, account: 'alice', drops: { owners: 'prefix', owner: 'me' } });
    expect(await left()).toEqual(['plain.md', 'scripts/bob/b.md']);
    await eraseFromInbox({ store, account: 'me', drops: { owners: 'prefix', owner: 'me' } });
    expect(await left()).toEqual(['scripts/bob/b.md']);
    await lay();
    await eraseFromInbox({ store, account: 'alice', drops: { owners: 'configured', owner: 'me' } });
    expect(await left()).toHaveLength(3);
    await eraseFromInbox({ store, account: 'me', drops: { owners: 'configured', owner: 'me' } });
    expect(await left()).toEqual([]);
  });

  it('wait until they have rested for two seconds', async () => {
    const path = join(root, 'scripts/dora/growing.md');
    await mkdir(join(root, 'scripts/dora'), { recursive: true });
    const states: { text: string; begun: number; written: number }[] = [];
    for (let part = 0; part < 6; part++) {
      const begun = performance.now();
      const text = `${states.at(-1)?.text ?? ''}Sentence ${part}.\n`;
      await writeFile(path, text);
      states.push({ text, begun, written: performance.now() });
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    const whole = await until(async () => {
      for (const run of await runsOf('dora')) if ((await inputOf(run)) === states.at(-1)?.text) return run;
      return undefined;
    });
    // Where the machine paused for so long, the file did rest with less in it.
    for (const run of await runsOf('dora')) {
      if (run.id === whole.id) continue;
      const text = await inputOf(run);
      const at = states.findIndex((state) => state.text === text);
      expect((states[at + 1]?.written ?? 0) - (states[at]?.begun ?? 0)).toBeGreaterThanOrEqual(2_000);
    }
  });

  it('that are links, pipes, or not what their name says are refused, said, and never followed', async () => {
    const secret = join(folder, 'secret.md');
    await writeFile(secret, '# Secret\n\nNobody may read this.\n');
    await mkdir(join(root, 'scripts/eve'), { recursive: true });
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere/hidden.md'), '# Hidden\n\nNeither this.\n');
    const at = (name: string) => join(root, 'scripts/eve', name);
    await symlink(secret, at('link.md'));
    await symlink(join(folder, 'elsewhere'), join(root, 'scripts/mallory'));
    execFileSync('mkfifo', [at('pipe.md')]);
    await writeFile(at('program.md'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]));
    await writeFile(at('large.md'), Buffer.alloc(300_000, 'a'));
    await writeFile(at('essay.txt'), 'A text whose name nothing takes.');
    const note = (name: string) => until(() => readFile(at(`${name}.refused.txt`), 'utf8'));
    expect(await note('link.md')).toContain('a symbolic link');
    expect(await note('pipe.md')).toContain('no regular file');
    expect(await note('program.md')).toContain('text/markdown');
    expect(await note('large.md')).toContain('200000');
    expect(await note('essay.txt')).toContain('scripts/{owner}/{name}.md');
    await inbox.sweep();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect([...(await runsOf('eve')), ...(await runsOf('mallory'))]).toEqual([]);
    expect(lines.join('')).toContain('the inbox refuses a file');
    const said = lines.filter((line) => line.includes('program.md'));
    expect(said).toHaveLength(1);
    expect(lines.join('')).not.toContain('Nobody may read this');
  });
});
