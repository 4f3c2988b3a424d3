import { randomBytes } from 'node:crypto';
import { GetBucketCorsCommand, HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startMillrace } from '../hygiene/run-millrace.ts';
import { bareClient } from './bucket.ts';
import { testServer } from './server.ts';
import { environmentFor } from './servers/aws-server.ts';

const NOWHERE = 'http://127.0.0.1:9';

describe('millrace provision', () => {
  const server = testServer();
  const id = `c${randomBytes(4).toString('hex')}`;
  const buckets = [`${id}-inbox`, `${id}-artifacts`];
  let s3: S3Client;
  beforeAll(() => {
    s3 = bareClient(server);
  });
  afterAll(() => s3.destroy());

  function provision(words: readonly string[], changes: Record<string, string> = {}): Promise<Answer> {
    const names = { QUEUE_PREFIX: id, INBOX_BUCKET: `${id}-inbox`, ARTIFACTS_BUCKET: `${id}-artifacts` };
    const environment = { ...environmentFor(server), ...names, ...changes };
    return startMillrace({ words: ['provision', ...words], environment }).ended;
  }
  const originsOf = async (Bucket: string) =>
    (await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules?.flatMap((rule) => rule.AllowedOrigins);

  it('says with --dry-run what it would make, and makes nothing', async () => {
    const { code, out } = await provision(['--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain(`What would be done at ${server.endpoint}:`);
    for (const bucket of buckets) {
      expect(out).toMatch(new RegExp(`\\+ make +bucket ${bucket} `));
      await expect(s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
        $metadata: { httpStatusCode: 404 },
      });
    }
    expect(out).toMatch(/[1-9]\d* to make, 0 to change, 0 as they should be\./);
  });

  it('makes it at --endpoint, whatever else is set, for the pages of every --origin; then nothing is to do', async () => {
    const elsewhere = { AWS_ENDPOINT_URL: NOWHERE, AWS_ENDPOINT_URL_S3: NOWHERE };
    const origins = ['https://studio.example', 'https://www.studio.example'];
    const words = ['--endpoint', server.endpoint, '--origin', ...origins];
    const made = await provision(words, elsewhere);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toMatch(/[1-9]\d* made, 0 changed, 0 as they should be\./);
    for (const bucket of buckets) expect(await originsOf(bucket)).toEqual(origins);
    expect((await provision(words, elsewhere)).out).toMatch(
      /\n0 made, 0 changed, [1-9]\d* as they should be\./,
    );
  });

  it.each<[string, readonly string[], Record<string, string>, readonly string[]]>([
    [
      'an endpoint that is no URL',
      ['--endpoint', 'localhost:4566'],
      {},
      ['--endpoint localhost:4566', 'http://'],
    ],
    ['an endpoint where nobody is', ['--endpoint', NOWHERE], {}, [`queue ${id}`, NOWHERE]],
    ['a store where nobody is', [], { AWS_ENDPOINT_URL_S3: NOWHERE }, [`bucket ${id}-inbox`, NOWHERE]],
  ])('ends with what is wrong: %s', async (_name, words, changes, said) => {
    const { code, err } = await provision(words, changes);
    expect(code).not.toBe(0);
    for (const word of said) expect(err).toContain(word);
  });
});
