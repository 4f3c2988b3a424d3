import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '#shared/config';
import { createS3Store } from '#shared/storage';
import { createTestBucket, type TestBucket } from '../test/aws/bucket.ts';
import type { AwsServer } from '../test/aws/servers/aws-server.ts';
import { type Passing, throughSdk, throughStore } from './aws/pass-bytes.ts';
import { onObjects } from './aws/servers.ts';
import { type Benchmark, type Measurement, measured, median, secondsSince } from './benchmark.ts';

const MB = 1_000_000;
const ROUNDS = 15;
const FULL_ROUNDS = 41;
/** Of each transfer, and of the one whose memory is looked at. */
const SIZE = { bytes: 48 * MB, large: 1_000 * MB };
/** MiniStack holds twice what is uploaded. */
const SMALL_SIZE = { bytes: 24 * MB, large: 250 * MB };
const PROCESS = fileURLToPath(new URL('./aws/pass-process.ts', import.meta.url));
const LIMIT_MS = 300_000;

/** Bytes a second up and down through our store and through the SDK alone, in turn, and the memory of a process. */
export default {
  name: 'transfer',
  run: ({ full = false }) =>
    onObjects('uploads and downloads', async (server, name) => {
      const size = server.name === 'minio' ? SIZE : SMALL_SIZE;
      const bucket = await createTestBucket(server);
      try {
        return [
          ...(await speed({
            ...{ server, name, bucket, bytes: size.bytes },
            rounds: full ? FULL_ROUNDS : ROUNDS,
          })),
          ...(await memory({ server, bucket, bytes: size.large })),
        ];
      } finally {
        await bucket.drop();
      }
    }),
} satisfies Benchmark;

async function speed(request: {
  server: AwsServer;
  name: string;
  bucket: TestBucket;
  bytes: number;
  rounds: number;
}): Promise<readonly Measurement[]> {
  const { server, name, bucket, bytes, rounds } = request;
  const store = await createS3Store({ ...server, bucket: bucket.name });
  const contestants = { bare: throughSdk(bucket.client, bucket.name), ours: throughStore(store) };
  const up = { bare: [] as number[], ours: [] as number[] };
  const down = { bare: [] as number[], ours: [] as number[] };
  // The first of each loads, connects and compiles.
  for (const passing of Object.values(contestants)) await passOnce(passing, bytes / 8);
  for (let round = 0; round < rounds; round += 1)
    for (const who of round % 2 === 0 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const)) {
      const rates = await passOnce(contestants[who], bytes);
      up[who].push(rates.up);
      down[who].push(rates.down);
    }
  store.close();
  return [...rows(`upload of ${bytes / MB} MB to ${name}`, up), ...rows('download of it', down)];
}

/** MB a second. */
async function passOnce(passing: Passing, bytes: number): Promise<{ up: number; down: number }> {
  const before = performance.now();
  await passing.up(bytes);
  const up = bytes / MB / secondsSince(before);
  const again = performance.now();
  const came = await passing.down();
  if (came !== bytes) throw new Error(`${came} bytes came back of ${bytes}.`);
  return { up, down: bytes / MB / secondsSince(again) };
}

function rows(
  what: string,
  { ours, bare }: { ours: readonly number[]; bare: readonly number[] },
): readonly Measurement[] {
  return [
    measured({ what, value: median(ours), unit: 'MB/s' }),
    measured({ what: '… by the bare SDK', value: median(bare), unit: 'MB/s' }),
    measured({
      ...{ what: '… ours ÷ it', value: median(ours) / median(bare) },
      ...{ unit: '×', digits: 2, goal: { atLeast: 0.9 } },
    }),
  ];
}

async function memory(request: {
  server: AwsServer;
  bucket: TestBucket;
  bytes: number;
}): Promise<readonly Measurement[]> {
  const { server, bucket, bytes } = request;
  const { endpoint, region, credentials } = server;
  const settings = JSON.stringify({ endpoint, region, credentials, bucket: bucket.name });
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, settings, String(bytes)], {
    env: inheritedEnvironment(),
    timeout: LIMIT_MS,
  });
  const said = JSON.parse(stdout) as { bytes: number; idleBytes: number; peakBytes: number };
  if (said.bytes !== bytes) throw new Error(`${said.bytes} bytes came back of ${bytes}.`);
  return [
    measured({
      ...{ what: `peak memory of a process while ${bytes / MB} MB pass up and down` },
      ...{ value: said.peakBytes / MB, unit: 'MB', goal: { atMost: 300 } },
    }),
    measured({ what: '… above idle', value: (said.peakBytes - said.idleBytes) / MB, unit: 'MB' }),
  ];
}
