import { expect, it } from 'vitest';
import { createS3Store } from '#shared/storage';
import { createTestBucket } from '../bucket.ts';
import { testServer } from '../server.ts';

/** MiniStack and LocalStack look at no signature. */
it('a secret that is not that of its key is told apart from a store that does not allow it', async () => {
  const server = testServer();
  const bucket = await createTestBucket(server);
  const secretAccessKey = `${server.credentials.secretAccessKey}x`;
  const store = await createS3Store({
    ...server,
    credentials: { ...server.credentials, secretAccessKey },
    bucket: bucket.name,
  });
  try {
    for (const work of [() => store.put('x', Buffer.from('x')), () => store.get('x'), () => store.list('')]) {
      const failure = await work().then(
        () => expect.fail('it should have been refused'),
        (error: Error) => error,
      );
      expect(failure).toMatchObject({ kind: 'transient', code: 'storage-credentials' });
      expect(failure.message).toContain('SignatureDoesNotMatch');
      expect(failure.message).toContain('AWS_SECRET_ACCESS_KEY');
      expect(failure.message).not.toContain(secretAccessKey);
    }
    expect(await bucket.keys()).toEqual([]);
  } finally {
    store.close();
    await bucket.drop();
  }
});
