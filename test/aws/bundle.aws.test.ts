import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { newRunId } from '#shared/ledger';
import { createS3Store } from '#shared/storage';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../platform/paths.ts';
import { startMillrace } from '../hygiene/run-millrace.ts';
import { createLedgerFixture, type LedgerFixture } from '../ledger-fixture.ts';
import { type Provisioned, provisionFor } from './provisioned.ts';
import { testServer } from './server.ts';
import { environmentFor } from './servers/aws-server.ts';

/** Two installations, each with a ledger and buckets of its own. */
let folder = '';
let places: Provisioned[] = [];
let ledgers: LedgerFixture[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-bundle-s3-'));
  const topology = readTopology({ path: topologyPath });
  places = [await provisionFor(testServer()), await provisionFor(testServer())];
  ledgers = [await createLedgerFixture(topology), await createLedgerFixture(topology)];
}, 60_000);
afterAll(async () => {
  await Promise.all(ledgers.map((ledger) => ledger.close()));
  for (const place of places) place.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (number: number, ...words: string[]) =>
  startMillrace({
    words,
    folder,
    environment: {
      ...environmentFor(testServer()),
      ...places[number]?.environment,
      DATABASE_URL: ledgers[number]?.url ?? '',
      DATA_DIR: join(folder, String(number)),
    },
  }).ended;

function storeOf(number: number) {
  const { endpoint, region, credentials } = testServer();
  return createS3Store({ endpoint, region, credentials, bucket: places[number]?.artifacts ?? '' });
}

it('takes a run from one bucket to another, byte by byte; what was copied goes again where the rows are refused', async () => {
  const [there] = ledgers;
  if (there === undefined) throw new Error('no ledger');
  const run = newRunId();
  const store = await storeOf(0);
  // Of more than one part of an upload.
  const words = randomBytes(9_000_000);
  const { key, bytes, type, sha256 } = await store.put(`runs/${run}/input/hearts.md`, words, {
    type: 'text/markdown',
  });
  await store.close();
  const { settings } = eventCatalogue['pipeline.started'].example;
  await there.ledger.publish({
    run: { id: run, flow: 'keywords', owner: 'alice', title: 'Hearts', labels: {} },
    event: {
      type: 'pipeline.started',
      data: { settings, script: { name: 'hearts.md', key, bytes, type, sha256 } },
    },
  });
  const claim = await there.claimOne(await there.host({ lane: 'cpu' }), { lane: 'cpu' });
  const failure = { kind: 'permanent', code: 'broken', message: 'Broken.' } as const;
  await there.work.fail({ claim, failure, delayMs: 0 });

  expect(await at(0, 'bundle', run, '--out', 'run.zip')).toMatchObject({ code: 0, err: '' });
  await ledgers[1]?.rows('delete from ledger.flow where name = $1', ['keywords']);
  const refused = await at(1, 'replay-bundle', 'run.zip');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('has no flow "keywords"') });
  const target = await storeOf(1);
  expect((await target.list('runs/')).objects).toEqual([]);

  const topology = readTopology({ path: topologyPath });
  await ledgers[1]?.sync(topology);
  expect(await at(1, 'replay-bundle', 'run.zip')).toMatchObject({ code: 0, err: '' });
  const arrived = (await target.get(key)).toArray();
  expect(Buffer.concat(await arrived).equals(words)).toBe(true);
  await target.close();
  expect((await at(1, 'why', run)).out).toContain('keyword-fetch: dead after 1 attempt that failed');
}, 120_000);
