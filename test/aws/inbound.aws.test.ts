import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInbox, type Inbox, type InboxOwners } from '#shared/inbox';
import { consumeNotices } from '#shared/notices';
import { openQueues } from '#shared/queue';
import { createS3Store } from '#shared/storage';
import { createLog } from '#shared/telemetry';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../localstack/embedded/paths.ts';
import { createLedgerFixture, type LedgerFixture } from '../ledger-fixture.ts';
import { type Provisioned, provisionFor } from './provisioned.ts';
import { testServer } from './server.ts';

const markdown = '# Three hearts\n\nAn octopus has three hearts.\n';
const topology = readTopology({ path: topologyPath });

describe('files in an inbound bucket', () => {
  let place: Provisioned;
  let fixture: LedgerFixture;
  const undo: (() => unknown)[] = [];
  const lines: string[] = [];
  beforeEach(async () => {
    place = await provisionFor(testServer());
    fixture = await createLedgerFixture(topology);
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    await fixture.close();
    place.close();
  });

  async function open(owners?: InboxOwners): Promise<Inbox> {
    const { endpoint, region, credentials } = testServer();
    const at = { endpoint, region, credentials };
    const store = await createS3Store({ ...at, bucket: place.inbox });
    const artifacts = await createS3Store({ ...at, bucket: place.artifacts });
    const log = createLog({ service: 'inbound', destination: { write: (line) => void lines.push(line) } });
    const inbox = await createInbox({
      ...{ store, artifacts, topology, log, ledger: fixture.ledger, pool: fixture.pool },
      account: 'studio',
      owners,
      clock: { now: () => new Date() },
    });
    const queues = openQueues(at);
    const consumer = consumeNotices({
      ...{ queues, log },
      queue: place.inbound,
      bucket: place.inbox,
      look: inbox.look,
    });
    undo.push(
      () => store.close(),
      () => artifacts.close(),
      () => queues.close(),
      () => inbox.stop(),
      () => consumer.stop(),
    );
    return inbox;
  }
  const drop = (Key: string, Body = markdown) =>
    place.s3.send(new PutObjectCommand({ Bucket: place.inbox, Key, Body }));
  const runsOf = async (owner: string) => (await fixture.ledger.listRuns({ owner, limit: 50 })).runs;
  async function until<Value>(look: () => Promise<Value | undefined | false>): Promise<Value> {
    for (let tries = 0; tries < 300; tries++) {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      await sleep(100);
    }
    throw new Error(`It did not come to pass. The log:\n${lines.join('')}`);
  }
  const one = async (owner: string) => (await runsOf(owner)).length >= 1;

  it('dropped by any client become one run each, of the configured owner, however odd their names', async () => {
    await open();
    await drop('scripts/alice/three hearts + 100%.md');
    await drop('Žluťoučký kůň.md', '# Kůň\n\nA horse.\n');
    await until(async () => (await runsOf('studio')).length === 2);
    expect(await runsOf('alice')).toEqual([]);
    expect((await runsOf('studio')).map(({ title }) => title).sort()).toEqual([
      'three hearts + 100%',
      'Žluťoučký kůň',
    ]);
  });

  it('are one event though the notice comes twice, the sweep finds them and an upload brought them', async () => {
    const inbox = await open('prefix');
    const upload = await inbox.open({ account: 'alice', name: 'essay.md' });
    const { Readable } = await import('node:stream');
    const signal = AbortSignal.timeout(20_000);
    await inbox.receive({ id: upload.id, body: Readable.from([Buffer.from(markdown)]), signal });
    const { run } = await inbox.complete({ id: upload.id, account: 'alice' });
    await drop('scripts/alice/essay.md');
    await inbox.sweep();
    const notice = {
      Records: [
        {
          eventName: 'ObjectCreated:Put',
          s3: { bucket: { name: place.inbox }, object: { key: 'scripts%2Falice/essay.md' } },
        },
      ],
    };
    await place.send(place.inbound, JSON.stringify(notice));
    await place.send(place.inbound, JSON.stringify(notice));
    await sleep(4_000);
    expect((await runsOf('alice')).map(({ id }) => id)).toEqual([run]);
    expect(await runsOf('studio')).toEqual([]);
    expect(await place.deadLetters(place.inbound)).toEqual([]);
  });

  it('that an upload brought are its account’s, though anybody may write under its prefix', async () => {
    const inbox = await open();
    const upload = await inbox.open({ account: 'alice', name: 'mine.md' });
    const { Readable } = await import('node:stream');
    const signal = AbortSignal.timeout(20_000);
    await inbox.receive({ id: upload.id, body: Readable.from([Buffer.from(markdown)]), signal });
    const { run } = await inbox.complete({ id: upload.id, account: 'alice' });
    expect(await inbox.complete({ id: upload.id, account: 'alice' })).toMatchObject({ run });
    await drop('scripts/alice/forged.md', '# Forged\n\nNot by Alice.\n');
    await until(() => one('studio'));
    await inbox.sweep();
    await sleep(2_000);
    expect((await runsOf('alice')).map(({ id }) => id)).toEqual([run]);
    expect((await runsOf('studio')).map(({ title }) => title)).toEqual(['forged']);
  });

  it('removed again, and the server’s own test event, are understood', async () => {
    await open();
    await place.send(
      place.inbound,
      JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'x' }),
    );
    await drop('gone.md');
    await until(() => one('studio'));
    await place.s3.send(new DeleteObjectCommand({ Bucket: place.inbox, Key: 'gone.md' }));
    await sleep(3_000);
    expect(await place.deadLetters(place.inbound)).toEqual([]);
    expect(await place.received(place.inbound)).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello', 'notice-unreadable'],
    ['no notice', '{"type":"user.deleted"}', 'notice-unreadable'],
    ['a notice of another bucket', notice('elsewhere', 'a.md'), 'notice-of-another-bucket'],
    ['a key that leads out', notice('', '..%2F..%2Fetc%2Fpasswd'), 'key-invalid'],
  ])(
    'are not harmed by %s in the queue: it is put aside with the reason, once',
    async (_name, body, code) => {
      await open();
      await place.send(place.inbound, body.replace('BUCKET', place.inbox));
      const [aside] = await until(async () => {
        const found = await place.deadLetters(place.inbound);
        return found.length > 0 && found;
      });
      expect(aside).toMatchObject({ code });
      expect(aside?.reason).not.toBe('');
      await drop('after.md');
      await until(() => one('studio'));
    },
  );

  it('are taken up once the ledger is back', async () => {
    const inbox = await open();
    await fixture.rows('alter table ledger.noticed rename to hidden');
    await drop('patient.md');
    await until(async () => lines.some((line) => line.includes('it comes again')));
    await fixture.rows('alter table ledger.hidden rename to noticed');
    expect(await place.deadLetters(place.inbound)).toEqual([]);
    await inbox.sweep();
    await until(() => one('studio'));
  });
});

function notice(bucket: string, key: string): string {
  const name = bucket === '' ? 'BUCKET' : bucket;
  return JSON.stringify({
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name }, object: { key } } }],
  });
}
