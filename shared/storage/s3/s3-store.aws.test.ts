import { createTestBucket } from '../../../test/aws/bucket.ts';
import { testServer } from '../../../test/aws/server.ts';
import { describeObjectStore } from '../testing/object-store.contract.ts';
import { createS3Store } from './s3-store.ts';

const server = testServer();

describeObjectStore({
  name: 's3',
  async create() {
    const bucket = await createTestBucket(server);
    const store = await createS3Store({ ...server, bucket: bucket.name });
    return {
      store,
      async dispose() {
        store.close();
        await bucket.drop();
      },
    };
  },
});
