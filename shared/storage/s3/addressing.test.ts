import { expect, it } from 'vitest';
import type { S3StoreOptions } from './options.ts';
import { createS3Store } from './s3-store.ts';

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };

async function urlOf(options: Omit<S3StoreOptions, 'bucket' | 'credentials'>): Promise<URL> {
  const store = await createS3Store({ bucket: 'films', credentials, ...options });
  const signed = await store.direct?.signPut({
    key: 'a b/c+d.mp4',
    type: 'video/mp4',
    bytes: 3,
    expiresAt: new Date(Date.now() + 60_000),
  });
  store.close();
  return new URL(signed?.url ?? '');
}

it.each([
  ['AWS itself', { region: 'eu-central-1' }, 'https://films.s3.eu-central-1.amazonaws.com/a%20b/c%2Bd.mp4'],
  [
    'AWS, by path',
    { region: 'eu-central-1', addressing: 'path' },
    'https://s3.eu-central-1.amazonaws.com/films/a%20b/c%2Bd.mp4',
  ],
  [
    'another server',
    { region: 'us-east-1', endpoint: 'http://127.0.0.1:9000' },
    'http://127.0.0.1:9000/films/a%20b/c%2Bd.mp4',
  ],
  [
    'another server, with buckets as hosts',
    { region: 'us-east-1', endpoint: 'http://minio.local:9000', addressing: 'virtual-host' },
    'http://films.minio.local:9000/a%20b/c%2Bd.mp4',
  ],
  [
    'a server that browsers reach elsewhere',
    { region: 'us-east-1', endpoint: 'http://minio:9000', publicEndpoint: 'https://files.example.org' },
    'https://files.example.org/films/a%20b/c%2Bd.mp4',
  ],
] as const)('addresses an object of %s', async (_name, options, expected) => {
  const url = await urlOf(options);
  expect(`${url.origin}${url.pathname}`).toBe(expected);
  expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host');
  // A checksum of an empty body would make servers refuse every other.
  expect([...url.searchParams.keys()].filter((name) => /checksum|crc/i.test(name))).toEqual([]);
});
