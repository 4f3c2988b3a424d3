import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuth } from '#shared/auth';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../platform/paths.ts';
import { type RoleProcess, startRole } from '../../platform/testing/role-process.ts';
import { createLedgerFixture, type LedgerFixture } from '../ledger-fixture.ts';
import { type Provisioned, provisionFor } from './provisioned.ts';
import { testServer } from './server.ts';
import { environmentFor } from './servers/aws-server.ts';

const KEY = 'scripts/alice/three hearts.md';
const fixtures = new URL('../../shared/notices/fixtures/', import.meta.url);

describe('the adapter, as a process beside a Broker', () => {
  let place: Provisioned;
  let fixture: LedgerFixture;
  let dataDir = '';
  const running: RoleProcess[] = [];
  beforeEach(async () => {
    place = await provisionFor(testServer());
    fixture = await createLedgerFixture(readTopology({ path: topologyPath }));
    dataDir = await mkdtemp(join(tmpdir(), 'millrace-adapter-'));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((role) => role.stop()));
    await fixture.close();
    place.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(NOTICES: 'queue' | 'webhook'): Promise<RoleProcess> {
    const adapter = await startRole('adapter', {
      ...environmentFor(testServer()),
      ...place.environment,
      ...{ DATABASE_URL: fixture.url, DATA_DIR: dataDir, NOTICES, SWEEP_PAGES: '1' },
      // Nobody listens there: what is published waits for a scheduler.
      ...{ TRANSPORT: 'broker', BROKER_URL: 'http://127.0.0.1:9/broker' },
    });
    running.push(adapter);
    return adapter;
  }
  const drop = () =>
    place.s3.send(
      new PutObjectCommand({ Bucket: place.inbox, Key: KEY, Body: '# Hearts\n\nAn octopus has three.\n' }),
    );
  const titles = async () =>
    (await fixture.ledger.listRuns({ owner: 'me', limit: 9 })).runs.map(({ title }) => title);

  it('makes one event of a notice that a store posts twice, also to another process', async () => {
    const auth = createAuth({ keysFolder: join(dataDir, 'keys'), clock: { now: () => new Date() } });
    const token = await auth.issue({ sub: 'minio', account: 'me', roles: ['inbox'], ttlSeconds: 600 });
    const adapters = await Promise.all([start('webhook'), start('webhook')]);
    await drop();
    const notice = JSON.parse(await readFile(new URL('minio-put.json', fixtures), 'utf8')) as {
      Records: { s3: { bucket: { name: string } } }[];
    };
    for (const { s3 } of notice.Records) s3.bucket.name = place.inbox;
    const post = (adapter: RoleProcess, authorization?: string) =>
      adapter.ask('/api/v1/inbox/notices', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: JSON.stringify(notice),
      });
    const answers = await Promise.all([...adapters, ...adapters].map((one) => post(one, `Bearer ${token}`)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect(await titles()).toEqual(['three hearts']);
    const [adapter] = adapters;
    expect((await post(adapter as RoleProcess)).status).toBe(401);
  });

  it('reads the queue of the bucket’s notices, though wake-ups go by a Broker', async () => {
    await start('queue');
    await drop();
    for (let tries = 0; tries < 300 && (await titles()).length === 0; tries++) await sleep(100);
    expect(await titles()).toEqual(['three hearts']);
    expect(await place.deadLetters(place.inbound)).toEqual([]);
  });
});
