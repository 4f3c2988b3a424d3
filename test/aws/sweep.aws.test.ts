import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInbox, type Inbox } from '#shared/inbox';
import { consumeNotices } from '#shared/notices';
import { openQueues } from '#shared/queue';
import { createS3Store, type ObjectStore } from '#shared/storage';
import { createLog } from '#shared/telemetry';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../localstack/embedded/paths.ts';
import { until } from '../end-to-end/processes.ts';
import { startMillrace } from '../hygiene/run-millrace.ts';
import { createLedgerFixture, inParallel, type LedgerFixture } from '../ledger-fixture.ts';
import { numbersFrom, testSeed } from '../seed.ts';
import { type Provisioned, provisionFor } from './provisioned.ts';
import { testServer } from './server.ts';
import { environmentFor } from './servers/aws-server.ts';

const topology = readTopology({ path: topologyPath });
const seed = testSeed();

describe('the sweep of an inbound bucket', () => {
  let place: Provisioned;
  let fixture: LedgerFixture;
  const undo: (() => unknown)[] = [];
  beforeEach(async () => {
    place = await provisionFor(testServer());
    fixture = await createLedgerFixture(topology);
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    await fixture.close();
    place.close();
  });

  /** `counting` sees each list call; `sweepPagesPerMinute` so few that only the test makes it walk. */
  async function open(counting: (store: ObjectStore) => ObjectStore = (store) => store): Promise<Inbox> {
    const { endpoint, region, credentials } = testServer();
    const at = { endpoint, region, credentials };
    const store = await createS3Store({ ...at, bucket: place.inbox });
    const artifacts = await createS3Store({ ...at, bucket: place.artifacts });
    const inbox = await createInbox({
      ...{ store: counting(store), artifacts, topology, ledger: fixture.ledger, pool: fixture.pool },
      account: 'studio',
      sweepPagesPerMinute: 1,
      log: createLog({ service: 'inbox', level: 'silent' }),
      clock: { now: () => new Date() },
    });
    undo.push(
      () => store.close(),
      () => artifacts.close(),
      () => inbox.stop(),
    );
    return inbox;
  }

  function dropped(count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => `three-hearts-${index}.md`);
    return inParallel(names, 8, async (Key) => {
      const Body = `# Three hearts\n\nAn octopus has three hearts, says ${Key}.\n`;
      await place.s3.send(new PutObjectCommand({ Bucket: place.inbox, Key, Body }));
    });
  }

  const begun = async () =>
    (
      await fixture.rows<{ path: string }>(
        `select data ->> 'path' as path from ledger.event where type = 'script.uploaded'`,
      )
    ).map(({ path }) => path);

  it(`finds what was dropped while one notice of a hundred was lost: each file is one run (seed ${seed})`, async () => {
    const inbox = await open();
    const queues = openQueues(testServer());
    const numbers = numbersFrom(`${seed} notices`);
    let heard = 0;
    const lost: string[] = [];
    const consumer = consumeNotices({
      queues,
      queue: place.inbound,
      bucket: place.inbox,
      log: createLog({ service: 'inbound', level: 'silent' }),
      async look(key) {
        heard += 1;
        // One at least, whatever the numbers say.
        if (heard === 50 || numbers.next().value / 2 ** 32 < 0.01) lost.push(key);
        else await inbox.look(key);
      },
    });
    undo.push(
      () => queues.close(),
      () => consumer.stop(),
    );
    await dropped(300);
    await until({ what: 'every notice is heard', limitMs: 60_000, look: async () => heard >= 300 });
    await until({
      what: 'what was not lost is begun',
      limitMs: 30_000,
      look: async () => (await begun()).length >= 300 - lost.length,
    });
    expect(lost.length).toBeGreaterThan(0);
    expect((await begun()).filter((path) => lost.includes(path))).toEqual([]);
    // Two pages of two hundred.
    await inbox.sweep();
    await inbox.sweep();
    await until({
      what: 'what was lost is begun',
      limitMs: 30_000,
      look: async () => (await begun()).length >= 300,
    });
    const all = await begun();
    expect(new Set(all).size).toBe(300);
    expect(all).toHaveLength(300);
  }, 120_000);

  it('finds everything where every notice and every wake-up was lost: by npm run sweep, which wakes the lanes', async () => {
    await dropped(60);
    const sweep = (...words: string[]) =>
      startMillrace({
        words: ['sweep', ...words],
        environment: { ...environmentFor(testServer()), ...place.environment, DATABASE_URL: fixture.url },
      }).ended;
    const dry = await sweep('--dry-run');
    expect(dry.err).toBe('');
    expect(dry.out).toContain('Inbox: 60 objects looked at, 60 without an event.\n');
    expect(await begun()).toEqual([]);
    const { code, out } = await sweep();
    expect(code).toBe(0);
    expect(out).toMatch(/Deliveries: 60 due, .*; told again: light\./);
    expect(new Set(await begun()).size).toBe(60);
    expect((await place.received(`${place.prefix}-wake-light`)).length).toBeGreaterThan(0);
    expect(await begun()).toHaveLength(60);
    expect((await sweep()).out).toContain('Inbox: 60 objects looked at, 0 without an event.\n');
  });

  it.each([40, 400])(
    'lists as many pages a minute with ten times as many objects, however many processes sweep: with %i of them',
    async (count) => {
      await dropped(count);
      let lists = 0;
      // Pages of four, so that a few objects are many pages.
      const counting = (store: ObjectStore): ObjectStore => ({
        ...store,
        list(prefix, options) {
          lists += 1;
          return store.list(prefix, { ...options, limit: 4 });
        },
      });
      const inboxes = [await open(counting), await open(counting), await open(counting)];
      const perMinute: number[] = [];
      for (let minute = 0; minute < 5; minute += 1) {
        const before = lists;
        for (const inbox of inboxes) for (let time = 0; time < 3; time += 1) await inbox.sweep('in-turn');
        perMinute.push(lists - before);
        await fixture.shiftClock('1 minute');
      }
      expect(perMinute).toEqual([1, 1, 1, 1, 1]);
    },
  );
});
