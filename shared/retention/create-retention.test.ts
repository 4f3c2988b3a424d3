import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPeopleErasure, type PeopleErasure } from '#shared/erasure';
import type { ArtifactRef } from '#shared/events';
import { createLedgerRetention, type LedgerRetention } from '#shared/ledger';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import {
  commitOf,
  createLedgerFixture,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import { createRetention, type Retention } from './index.ts';

const DAY = 86_400_000;

describe('retention', () => {
  let fixture: LedgerFixture;
  let folder: string;
  let store: ObjectStore;
  let ledger: LedgerRetention;
  let people: PeopleErasure;
  let retention: Retention;
  let host: string;
  beforeAll(async () => {
    fixture = await createLedgerFixture(testTopology({ speak: [on('pipeline.started')] }));
    folder = await mkdtemp(join(tmpdir(), 'retention-'));
    store = await createFilesystemStore({ root: join(folder, 'objects') });
    ledger = createLedgerRetention({ pool: fixture.pool });
    people = createPeopleErasure({ pool: fixture.pool });
    retention = createRetention({
      ledger,
      people,
      store,
      clock: { now: () => new Date(Date.now() + 8 * DAY) },
    });
    host = await fixture.host();
  });
  afterAll(async () => {
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function finished(owner: string): Promise<{ run: string; keys: string[] }> {
    const run = await fixture.start({ owner });
    const claim = await fixture.claimOne(host);
    const key = `runs/${run}/${claim.id}/1-abcdefabcd/narration.wav`;
    const aside = `runs/${run}/${claim.id}/0-abcdefabcd/narration.wav`;
    const input = `runs/${run}/input/script.md`;
    const product = `output/${run}/video.mp4`;
    const { bytes, type, sha256 } = await store.put(key, Buffer.from('sound'));
    for (const other of [aside, input, product]) await store.put(other, Buffer.from('x'));
    const artifacts: ArtifactRef[] = [{ name: 'narration.wav', key, bytes, type, sha256 }];
    await fixture.work.commit(commitOf(claim, [], { artifacts }));
    return { run, keys: [key, aside, input, product] };
  }
  const there = async (keys: readonly string[]) =>
    (await Promise.all(keys.map((key) => store.head(key)))).map((found) => found !== undefined);
  async function sweep(): Promise<void> {
    for (let after: string | undefined; ; ) {
      const page = await retention.sweep({ leftoverMs: 7 * DAY, after });
      if (page.next === undefined) break;
      after = page.next;
    }
  }

  it('keeps everything where no time is set', async () => {
    const { run } = await finished('alice');
    expect(await retention.expire({ keepMs: undefined, limit: 10 })).toEqual({ runs: 0, more: false });
    expect(await fixture.ledger.getRun(run)).toBeDefined();
  });

  it('removes old settled runs with all that they made, a bounded number at a time, and none that runs', async () => {
    const old = [await finished('alice'), await finished('alice')];
    await fixture.shiftClock('31 days');
    const young = await finished('alice');
    const going = await fixture.start();
    await fixture.shiftClock('10 days');
    expect(await retention.expire({ keepMs: 30 * DAY, limit: 2 })).toEqual({ runs: 2, more: true });
    while ((await retention.expire({ keepMs: 30 * DAY, limit: 2 })).more);
    for (const one of old) {
      expect(await fixture.ledger.getRun(one.run)).toBeUndefined();
      expect(await there(one.keys)).toEqual([false, true, false, false]);
    }
    expect(await there(young.keys)).toEqual([true, true, true, true]);
    expect(await fixture.ledger.getRun(going)).toMatchObject({ state: 'running' });
    await fixture.ledger.cancelRun({ run: going });
  });

  it('sweeps leftovers, and never what a row names, an open delivery may commit, or is young', async () => {
    const kept = await finished('alice');
    const open = await fixture.start();
    const claim = await fixture.claimOne(host);
    const aside = `runs/${open}/${claim.id}/1-ffffffffff/big.mp4`;
    await store.put(aside, Buffer.from('x'));
    await sweep();
    expect(await there(kept.keys)).toEqual([true, false, true, true]);
    expect(await there([aside])).toEqual([true]);
    await fixture.ledger.cancelRun({ run: open });
    const young = createRetention({ ledger, people, store, clock: { now: () => new Date() } });
    await young.sweep({ leftoverMs: 7 * DAY });
    expect(await there([aside])).toEqual([true]);
    const dry = await retention.sweep({ leftoverMs: 7 * DAY, mode: 'dry-run' });
    expect(dry.leftovers).toEqual([aside]);
    expect(await there([aside])).toEqual([true]);
    await sweep();
    expect(await there([aside])).toEqual([false]);
  });

  it('erases an account’s data on request, running work first cancelled, and leaves the others’', async () => {
    const mine = [await finished('eve'), await finished('eve'), await finished('eve')];
    const theirs = await finished('bob');
    const running = await fixture.start({ owner: 'eve', title: 'my secret plan' });
    const claim = await fixture.claimOne(host);
    await ledger.requestErasure({ account: 'eve', by: 'eve' });
    expect((await retention.erase({ account: 'eve', limit: 2 })).finished).toBe(false);
    expect(await ledger.listErasures()).toMatchObject([{ account: 'eve', runs: 2 }]);
    while (!(await retention.erase({ account: 'eve', limit: 2 })).finished);
    const [erasure] = await ledger.listErasures();
    expect(erasure).toMatchObject({ runs: 4, finishedAt: expect.any(Date) });
    expect(await fixture.work.commit(commitOf(claim))).toBe('refused');
    expect(await fixture.ledger.getRun(running)).toBeUndefined();
    for (const { keys } of mine) expect(await there(keys)).toEqual([false, false, false, false]);
    expect(await there(theirs.keys)).toEqual([true, true, true, true]);
    for (const table of ['run', 'event', 'delivery', 'artifact', 'attempt']) {
      expect(
        await fixture.rows(
          `select from ledger.${table} t where t::text like '%secret plan%' or t::text like '%eve%'`,
        ),
      ).toEqual([]);
    }
  });

  it('goes on with the pictures of an erasure whose end was not recorded', async () => {
    const key = 'pictures/mallory/one/small.webp';
    await store.put(key, Buffer.from('x'));
    await ledger.requestErasure({ account: 'mallory', by: 'mallory' });
    const away: ObjectStore = { ...store, remove: () => Promise.reject(new Error('the store is away')) };
    const clock = { now: () => new Date() };
    const dying = createRetention({ ledger, people, store: away, clock });
    await expect(dying.erase({ account: 'mallory', limit: 2 })).rejects.toThrow('the store is away');
    expect(await ledger.listErasures()).toMatchObject([{ account: 'mallory' }, { account: 'eve' }]);
    expect((await retention.erase({ account: 'mallory', limit: 2 })).finished).toBe(true);
    expect(await there([key])).toEqual([false]);
  });

  it('erases what somebody left before it says that it is done', async () => {
    const [{ id } = { id: '' }] = await fixture.rows<{ id: string }>(
      `insert into people.person (id, name, password, ended_at) values (gen_random_uuid(), '', '', now()) returning id`,
    );
    await fixture.rows(
      `insert into people.post (id, author, text) select gen_random_uuid(), $1, 'x' from generate_series(1, 150)`,
      [id],
    );
    await ledger.requestErasure({ account: id, by: id });
    expect(await retention.erase({ account: id, limit: 2 })).toEqual({
      ...{ runs: 0, moved: true, finished: false },
    });
    expect(await retention.erase({ account: id, limit: 2 })).toMatchObject({ finished: true });
    expect(await fixture.rows('select from people.person where id = $1', [id])).toEqual([]);
  });

  it('forgets kept answers past their time', async () => {
    await fixture.rows(
      `insert into ledger.answer (event, status, request_hash, kept_until)
       select gen_random_uuid(), 200, 'x', ledger.ledger_now() + n * interval '1 day' from unnest(array[-1, 1]) n`,
    );
    await retention.expire({ keepMs: undefined, limit: 1 });
    expect(await fixture.rows('select from ledger.answer')).toHaveLength(1);
  });
});
