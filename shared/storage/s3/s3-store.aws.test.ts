import dns from 'node:dns';
import { afterAll, beforeAll, describe } from 'vitest';
import { createTestBucket } from '../../../test/aws/bucket.ts';
import { testServer } from '../../../test/aws/server.ts';
import { describeObjectStore } from '../testing/object-store.contract.ts';
import { createS3Store } from './s3-store.ts';

const server = testServer();

function describeStoreAt({ name, endpoint, addressing }: Place): void {
  describeObjectStore({
    name,
    async create() {
      const bucket = await createTestBucket(server);
      const store = await createS3Store({ ...server, endpoint, addressing, bucket: bucket.name });
      return {
        store,
        async dispose() {
          store.close();
          await bucket.drop();
        },
      };
    },
  });
}

interface Place {
  readonly name: string;
  readonly endpoint: string;
  readonly addressing: 'path' | 'virtual-host';
}

describeStoreAt({ name: 's3', endpoint: server.endpoint, addressing: 'path' });

/** As LocalStack's own DNS name, whose every subdomain is this machine; here no name server is asked. */
const DOMAIN = 's3.localhost.localstack.cloud';

describe('where the bucket is in the name of the host', () => {
  const { lookup } = dns;
  beforeAll(() => {
    dns.lookup = Object.assign(
      (host: string, ...rest: unknown[]) =>
        Reflect.apply(lookup, dns, [host.endsWith(`.${DOMAIN}`) ? '127.0.0.1' : host, ...rest]),
      lookup,
    ) as typeof lookup;
  });
  afterAll(() => {
    dns.lookup = lookup;
  });
  const endpoint = server.endpoint.replace('127.0.0.1', DOMAIN);
  describeStoreAt({ name: 's3, virtual-host', endpoint, addressing: 'virtual-host' });
});
