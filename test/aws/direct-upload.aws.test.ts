import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInbox, type Inbox } from '#shared/inbox';
import { createS3Store, type S3Store } from '#shared/storage';
import { createLog } from '#shared/telemetry';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../ledger-fixture.ts';
import { createTestBucket, type TestBucket } from './bucket.ts';
import { testServer } from './server.ts';

type Grant = Awaited<ReturnType<Inbox['grant']>>;

const MB = 2 ** 20;
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(1_000)]);
const film = Buffer.concat([Buffer.from('0000001c66747970', 'hex'), randomBytes(33 * MB)]);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('an upload straight to S3', () => {
  let fixture: LedgerFixture;
  let bucket: TestBucket;
  let store: S3Store;
  let inbox: Inbox;
  let now = Date.now();
  beforeAll(async () => {
    fixture = await createLedgerFixture(testTopology({ 'take-script': [on('script.uploaded')] }));
    bucket = await createTestBucket(testServer());
    store = await createS3Store({ ...testServer(), bucket: bucket.name });
    inbox = await createInbox({
      store,
      topology: testTopology({ 'take-script': [on('script.uploaded')] }),
      artifacts: store,
      ledger: fixture.ledger,
      pool: fixture.pool,
      account: 'me',
      log: createLog({ service: 'inbox', destination: { write: () => undefined } }),
      clock: { now: () => new Date(now) },
    });
  });
  afterAll(async () => {
    await inbox.stop();
    store.close();
    await fixture.close();
    await bucket.drop();
  });
  const account = 'alice';
  const send = async (url: string | undefined, bytes: Buffer, headers: Record<string, string>) =>
    (await fetch(url ?? '', { method: 'PUT', body: new Uint8Array(bytes), headers })).ok;
  const putOf = (grant: Grant) => (grant.method === 'put' ? grant : expect.fail('it is one PUT'));
  const partsOf = (grant: Grant) =>
    grant.method === 'multipart' ? grant.parts : expect.fail('it is in parts');

  it('is looked at before it counts: what its name does not say is refused, and gone', async () => {
    const program = Buffer.from(`\x7fELF${'x'.repeat(1_000)}`);
    const opened = await inbox.open({
      account,
      name: 'cover.png',
      bytes: program.length,
      sha256: sha256(program),
    });
    const { url, headers } = putOf(await inbox.grant(opened));
    await expect(inbox.complete({ id: opened.id, account })).rejects.toMatchObject({ code: 'upload-empty' });
    expect(await send(url, program, headers)).toBe(true);
    await expect(inbox.complete({ id: opened.id, account })).rejects.toMatchObject({
      code: 'file-not-what-it-says',
    });
    await expect(inbox.read({ id: opened.id, account })).rejects.toMatchObject({ code: 'upload-not-found' });
    expect(await bucket.keys()).toEqual([]);
  });

  it('cannot be changed by its sender once it is complete', async () => {
    const opened = await inbox.open({ account, name: 'cover.png', bytes: png.length });
    const { url, headers } = putOf(await inbox.grant(opened));
    expect(await send(url, png, headers)).toBe(true);
    const { upload } = await inbox.complete({ id: opened.id, account });
    expect(upload).toMatchObject({
      status: 'completed',
      received: { bytes: png.length, sha256: sha256(png) },
    });
    await send(url, randomBytes(png.length), headers);
    const file = await inbox.finished({ id: opened.id, account });
    expect(file).toMatchObject({ sha256: sha256(png) });
    await file?.copyTo('runs/1/input/cover.png');
    expect((await store.head('runs/1/input/cover.png'))?.bytes).toBe(png.length);
    await store.removeUnder('runs/');
    await inbox.abort({ id: opened.id, account });
    expect(await bucket.keys()).toEqual([]);
  });

  it('in parts that is given up leaves nothing', async () => {
    const opened = await inbox.open({ account, name: 'film.mp4', bytes: film.length });
    const [first] = partsOf(await inbox.grant(opened));
    expect(await send(first?.url, film.subarray(0, first?.bytes), {})).toBe(true);
    expect(await bucket.openUploads()).toHaveLength(1);
    await inbox.abort({ id: opened.id, account });
    expect([await bucket.openUploads(), await bucket.keys()]).toEqual([[], []]);
  });

  it('that is never finished expires, with its parts', async () => {
    const opened = await inbox.open({ account, name: 'film.mp4', bytes: film.length });
    const [first] = partsOf(await inbox.grant(opened));
    await send(first?.url, film.subarray(0, first?.bytes), {});
    now += 23 * 3_600_000;
    await inbox.sweep();
    expect(await inbox.read({ id: opened.id, account })).toMatchObject({ status: 'open' });
    now += 2 * 3_600_000;
    await expect(inbox.complete({ id: opened.id, account })).rejects.toMatchObject({
      code: 'upload-not-found',
    });
    await inbox.sweep();
    expect([await bucket.openUploads(), await bucket.keys()]).toEqual([[], []]);
  });
});
