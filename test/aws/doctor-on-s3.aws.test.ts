import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { startMillrace } from '../hygiene/run-millrace.ts';
import { createTestBucket, type TestBucket } from './bucket.ts';
import { testServer } from './server.ts';
import { environmentFor } from './servers/aws-server.ts';

describe('millrace doctor, with objects on S3', () => {
  let artifacts: TestBucket;
  let inbox: TestBucket;
  beforeAll(async () => {
    [artifacts, inbox] = [await createTestBucket(testServer()), await createTestBucket(testServer())];
  });
  afterAll(async () => {
    await artifacts.drop();
    await inbox.drop();
  });
  const environment = () => ({
    ...environmentFor(testServer()),
    OBJECTS: 's3',
    ARTIFACTS_BUCKET: artifacts.name,
    INBOX_BUCKET: inbox.name,
    PORT: '0',
  });

  async function objectsOf(changes: Record<string, string> = {}): Promise<{ state: string; says: string }> {
    const { out } = await startMillrace({
      words: ['doctor', '--json'],
      environment: { ...environment(), ...changes },
    }).ended;
    const { findings } = JSON.parse(out) as { findings: { subject: string; state: string; says: string }[] };
    const found = findings.find(({ subject }) => subject === 'objects');
    return found ?? expect.fail('it says nothing of the objects');
  }

  it('finds both buckets fit, and leaves nothing in them', async () => {
    const found = await objectsOf();
    expect(found.state).toBe('fit');
    expect(found.says).toContain(artifacts.name);
    expect(found.says).toContain(inbox.name);
    expect(await artifacts.keys()).toEqual([]);
  });

  it.each([
    [
      'a bucket that is missing',
      { INBOX_BUCKET: 'millrace-nowhere' },
      ['millrace-nowhere', 'npm run provision'],
    ],
    ['keys that nobody has', { AWS_ACCESS_KEY_ID: 'AKIANOBODYHASTHISKEY' }, ['AWS_ACCESS_KEY_ID']],
    [
      'an endpoint where nobody is',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      ['http://127.0.0.1:9', 'AWS_ENDPOINT_URL'],
    ],
  ])('says what is wrong with %s', async (_name, changes, words) => {
    const found = await objectsOf(changes);
    expect(found.state).toBe('fault');
    for (const word of words) expect(found.says).toContain(word);
  });

  it('does not wait for ever for an endpoint that hangs', async () => {
    const port = await freePort();
    const silent = createServer(() => undefined).listen(port, '127.0.0.1');
    const found = await objectsOf({ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    silent.close();
    expect(found.state).toBe('fault');
    expect(found.says).toContain('did not answer in time');
  });
});
