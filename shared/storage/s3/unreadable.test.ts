import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createS3Store, type S3Store } from './s3-store.ts';

let server: Server;
let store: S3Store;
afterEach(async () => {
  store.close();
  server.close();
  await once(server, 'close');
});

/** A bucket whose objects S3 keeps and does not hand out: no server that runs here has an archive or keys of clients. */
async function open(answers: { head: number; get: number; code: string; message: string }): Promise<void> {
  server = createServer((request, response) => {
    const isHead = request.method === 'HEAD';
    response.statusCode = isHead ? answers.head : answers.get;
    response.setHeader('content-type', 'application/xml');
    response.end(
      isHead ? '' : `<Error><Code>${answers.code}</Code><Message>${answers.message}</Message></Error>`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  store = await createS3Store({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    bucket: 'inbox',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
    limits: { attempts: 1 },
  });
}

const archived = {
  ...{ head: 200, get: 403, code: 'InvalidObjectState' },
  message: 'The operation is not valid for the object’s storage class',
};
const theirKey = {
  ...{ head: 400, get: 400, code: 'InvalidRequest' },
  message:
    'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
};

it.each([
  ['in an archive, its bytes', archived, 'get'],
  ['encrypted with a key of its sender, its bytes', theirKey, 'get'],
  ['encrypted with a key of its sender, what it is', theirKey, 'head'],
] as const)('an object that lies %s: asked again, the store would say the same', async (_, answers, how) => {
  await open(answers);
  const asked = how === 'get' ? store.get('essay.md') : store.head('essay.md');
  await expect(asked).rejects.toMatchObject({
    kind: 'permanent',
    code: 'object-unreadable',
    message: expect.stringMatching(/"essay\.md".*"inbox".*Store it/),
  });
});

it.each([
  ['another refusal', { ...theirKey, code: 'InvalidArgument', message: 'No.' }, 'storage-refused'],
  [
    'credentials past their time',
    { ...theirKey, code: 'ExpiredToken', message: 'Late.' },
    'storage-credentials',
  ],
])('%s speaks of the installation, and passes', async (_, answers, code) => {
  await open(answers);
  await expect(store.get('essay.md')).rejects.toMatchObject({ kind: 'transient', code });
  await expect(store.head('essay.md')).rejects.toMatchObject({ kind: 'transient', code });
});
