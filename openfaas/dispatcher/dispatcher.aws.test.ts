import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openQueues, wakeQueueName } from '#shared/queue';
import { createLog } from '#shared/telemetry';
import { readTopology } from '#shared/topology';
import { createSqsTransport } from '#shared/transport';
import { type RoleProcess, runRole, startRole } from '../../platform/testing/role-process.ts';
import { type Provisioned, provisionFor } from '../../test/aws/provisioned.ts';
import { testServer } from '../../test/aws/server.ts';
import { createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { type GatewayPeer, startGatewayPeer } from '../testing/gateway-peer.ts';

const topology = readTopology({ path: 'events.yaml' });
const WITHIN = { timeout: 30_000, interval: 200 };

describe('the dispatcher on SQS, with secrets in files as OpenFaaS mounts them', () => {
  let place: Provisioned;
  let fixture: LedgerFixture;
  let gateway: GatewayPeer;
  let folder: string;
  let environment: Record<string, string> & { DATA_DIR: string };
  let role: RoleProcess | undefined;
  beforeAll(async () => {
    const { endpoint, region, credentials } = testServer();
    [place, fixture, gateway] = await Promise.all([
      provisionFor(testServer()),
      createLedgerFixture(topology),
      startGatewayPeer(),
    ]);
    folder = await mkdtemp(join(tmpdir(), 'millrace-secrets-'));
    await writeFile(join(folder, 'database-url'), fixture.url);
    await writeFile(join(folder, 'openfaas-password'), 'sesame\n');
    const { accessKeyId, secretAccessKey } = credentials;
    await writeFile(
      join(folder, 'aws-credentials'),
      `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    environment = {
      ...place.environment,
      ...{ DATA_DIR: folder, SECRETS_DIR: folder, OPENFAAS_URL: gateway.url },
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'aws-credentials'),
    };
  }, 120_000);
  afterAll(async () => {
    await role?.stop();
    await gateway.close();
    await fixture.close();
    place.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('hears of due work by the queue of its lane, and calls the function', async () => {
    role = await startRole('dispatcher', environment);
    const run = await fixture.start();
    const log = createLog({ service: 'test', level: 'silent' });
    const lanes = Object.keys(topology.profiles);
    const commits = createSqsTransport({
      queues: openQueues(testServer()),
      prefix: place.prefix,
      lanes,
      log,
    });
    commits.send(['cpu']);
    await commits.close();
    const [delivery] = await fixture.rows<{ id: string }>('select id from ledger.delivery where run = $1', [
      run,
    ]);
    await vi.waitFor(() => expect(gateway.calls).toHaveLength(1), WITHIN);
    expect(gateway.calls[0]).toMatchObject({
      path: '/function/keyword-fetch',
      authorization: `Basic ${Buffer.from('admin:sesame').toString('base64')}`,
      event: { id: `${delivery?.id}.1` },
    });
    expect(await role.stop()).toBe(0);
    // It took the message: nobody finds one there.
    expect(await place.received(wakeQueueName(place.prefix, 'cpu'))).toEqual([]);
  }, 60_000);

  it('does not start where the queues were never made, and says so', async () => {
    const { code, said } = await runRole('dispatcher', { ...environment, QUEUE_PREFIX: 'nobodys' });
    expect(said).toMatch(/nobodys.*npm run provision/);
    expect(code).toBe(1);
  }, 60_000);
});
