/**
 * A process of its own that sends and reads an object through our store, and says how much memory it had before and at
 * the most. Arguments: the settings of the store as JSON, the bytes.
 */
import { readFile } from 'node:fs/promises';
import { createS3Store, type S3StoreOptions } from '#shared/storage';
import { throughStore } from './pass-bytes.ts';

const [settings = '{}', size = '0'] = process.argv.slice(2);
const store = await createS3Store(JSON.parse(settings) as S3StoreOptions);
const passing = throughStore(store);
// Everything is loaded and connected, and nothing passes.
await passing.up(2 ** 20);
await passing.down();
const idleBytes = process.memoryUsage.rss();
await passing.up(Number(size));
const bytes = await passing.down();
process.stdout.write(JSON.stringify({ bytes, idleBytes, peakBytes: await peakBytes() }));
store.close();

/** The most memory that this process ever had (proc(5): VmHWM). */
async function peakBytes(): Promise<number> {
  const found = /VmHWM:\s+(\d+) kB/.exec(await readFile('/proc/self/status', 'utf8').catch(() => ''));
  return Number(found?.[1] ?? Number.NaN) * 1_024;
}
