import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Conflict, Permanent, Transient } from '#shared/errors';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { createLog } from '#shared/telemetry';
import { createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { createInbox, type Inbox, sweepInbox } from './index.ts';
import { droppedScripts } from './testing/dropped-scripts.ts';

/** A name of 246 bytes: a note's beside it would have 258, and no key's segment may have more than 255. */
const LONG = `${'心'.repeat(81)}.md`;
const log = createLog({ service: 'inbox', level: 'silent' });
const clock = { now: () => new Date() };

describe('objects of an inbound bucket that are not like the others', () => {
  let fixture: LedgerFixture;
  let folder: string;
  /** As a bucket's: no folder that could be watched or waited for. */
  let store: ObjectStore;
  let artifacts: ObjectStore;
  const opened: Inbox[] = [];
  beforeEach(async () => {
    fixture = await createLedgerFixture(droppedScripts);
    folder = await mkdtemp(join(tmpdir(), 'millrace sweep '));
    const { localPath: _none, ...bucket } = await createFilesystemStore({ root: join(folder, 'inbox') });
    store = bucket;
    artifacts = await createFilesystemStore({ root: join(folder, 'artifacts') });
  });
  afterEach(async () => {
    for (const inbox of opened.splice(0)) await inbox.stop();
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  const parts = (on: ObjectStore) => {
    const { ledger, pool } = fixture;
    return { store: on, artifacts, topology: droppedScripts, ledger, pool, log, clock };
  };
  const round = (on: ObjectStore = store) =>
    sweepInbox({ ...parts(on), drops: { owner: 'me', owners: 'configured' }, mode: 'repair' });
  async function inboxOn(on: ObjectStore): Promise<Inbox> {
    const inbox = await createInbox({ ...parts(on), account: 'me', sweepPagesPerMinute: 1 });
    opened.push(inbox);
    return inbox;
  }
  const drop = (key: string, words = `# ${key}\n\nAn octopus.\n`) => store.put(key, Buffer.from(words));
  const keys = async () => (await store.list('')).objects.map(({ key }) => key);
  const titles = async () =>
    (await fixture.ledger.listRuns({ owner: 'me', limit: 50 })).runs.map(({ title }) => title).sort();
  /** Whatever is asked of this key's bytes fails so. */
  const withFailure = (wrong: string, error: Error, how: 'get' | 'head' = 'get'): ObjectStore => ({
    ...store,
    [how]: async (key: string, options?: object) => {
      if (key === wrong) throw error;
      return how === 'get' ? await store.get(key, options) : await store.head(key);
    },
  });

  it('with a name that leaves no room for a note are taken or refused, and nothing else waits for them', async () => {
    await drop(LONG);
    await drop(`scripts/${'x'.repeat(250)}.mp3`);
    await drop('three-hearts.md');
    const { overlooked } = await round();
    expect(new Map(overlooked.map(({ key, kind }) => [key, kind]))).toEqual(
      new Map([
        [`scripts/${'x'.repeat(250)}.mp3`, 'refused'],
        ['three-hearts.md', 'started'],
        [LONG, 'started'],
      ]),
    );
    expect(await titles()).toHaveLength(2);
    const inbox = await inboxOn(store);
    await drop(LONG, '# Another text\n\nBees dance.\n');
    await inbox.look(LONG);
    await inbox.look(`scripts/${'x'.repeat(250)}.mp3`);
    expect(await titles()).toHaveLength(3);
    expect(await keys()).toHaveLength(3);
  });

  it.each(['get', 'head'] as const)(
    'that the store will not hand out (%s) are refused once, with a note, however they are noticed',
    async (how) => {
      await drop('cold.md');
      const cold = withFailure('cold.md', new Permanent('object-unreadable', 'It lies in an archive.'), how);
      const inbox = await inboxOn(cold);
      await inbox.look('cold.md');
      const note = await text(await store.get('cold.md.refused.txt'));
      expect(note).toBe('cold.md was not taken: It lies in an archive.\n(object-unreadable)\n');
      await store.remove('cold.md.refused.txt');
      await inbox.look('cold.md');
      expect(await keys()).toEqual(['cold.md']);
      expect((await round(cold)).overlooked).toEqual([
        { key: 'cold.md', kind: 'refused', code: 'object-unreadable' },
      ]);
      expect(await titles()).toEqual([]);
    },
  );

  it('that cannot be read at this moment are named, and the round goes on', async () => {
    for (const key of ['a.md', 'b.md', 'c.md']) await drop(key);
    const busy = withFailure('b.md', new Transient('storage-busy', 'The store asks for less.'));
    const found = await round(busy);
    expect(found.failed).toEqual([{ key: 'b.md', code: 'storage-busy', why: 'The store asks for less.' }]);
    expect(await titles()).toEqual(['a', 'c']);
    expect((await round()).failed).toEqual([]);
    expect(await titles()).toEqual(['a', 'b', 'c']);
  });

  it('are looked at, and what is over goes, where half-sent parts cannot be cleaned up', async () => {
    await drop('three-hearts.md');
    const over = '.uploads/5f0c1d2e-0000-4000-8000-000000000000/bytes';
    await store.put(over, Buffer.from('nobody’s'));
    const inbox = await inboxOn({
      ...store,
      removeUnfinished: () => Promise.reject(new Transient('storage-forbidden', 'It may not list uploads.')),
    });
    await expect(inbox.sweep()).rejects.toMatchObject({ code: 'storage-forbidden' });
    await expect.poll(titles, { timeout: 20_000 }).toEqual(['three hearts']);
    expect(await keys()).toEqual(['three-hearts.md']);
  });

  it('that the check of the store left are nobody’s script', async () => {
    await drop('.check/5f0c/probe.txt', '.check/5f0c');
    expect((await round()).overlooked).toEqual([]);
    const inbox = await inboxOn(store);
    await inbox.look('.check/5f0c/probe.txt');
    expect(await keys()).toEqual(['.check/5f0c/probe.txt']);
  });

  it('are read as they were when their size was looked at, or later', async () => {
    await drop('growing.md');
    const asked: unknown[] = [];
    let given = 0;
    function* endless(): Generator<Buffer> {
      for (; given < 64 * 2 ** 20; given += 65_536) yield Buffer.alloc(65_536, 'a');
    }
    const growing: ObjectStore = {
      ...store,
      async head(key) {
        const found = await store.head(key);
        return found === undefined ? undefined : { ...found, etag: '"first"' };
      },
      async get(_key, options) {
        asked.push(options?.etag);
        return Readable.from(endless(), { objectMode: false });
      },
    };
    const inbox = await inboxOn(growing);
    await expect(inbox.look('growing.md')).rejects.toMatchObject({ code: 'inbox-unsettled' });
    expect(asked).toEqual(['"first"']);
    // A script may have 200,000 bytes.
    expect(given).toBeLessThan(2 ** 20);
    const replaced = withFailure('growing.md', new Conflict('object-changed', 'It was replaced.'));
    const other = await inboxOn(replaced);
    await expect(other.look('growing.md')).rejects.toMatchObject({ code: 'inbox-unsettled' });
    expect(await keys()).toEqual(['growing.md']);
  });
});
