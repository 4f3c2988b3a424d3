import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { connect } from '#shared/database';
import { filesUnder, type Product } from './product.ts';

/** What the ledger and the disk say of one run. */
export interface RunFacts {
  /** `function` or `function/part`, one for each delivery, with its state. */
  readonly deliveries: readonly string[];
  /** `type` or `type/key`, one for each event. */
  readonly events: readonly string[];
  /** Attempts that a died process took with it. */
  readonly lost: number;
  /** Objects that rows name and the disk lacks, or the other way round, or whose bytes differ. */
  readonly objectFaults: readonly string[];
  readonly products: readonly string[];
}

export async function factsOf(
  product: Pick<Product, 'databaseUrl' | 'dataDir'>,
  run: string,
): Promise<RunFacts> {
  const pool = connect({ url: await product.databaseUrl(), max: 1, applicationName: 'end-to-end test' });
  try {
    const ask = async <Row extends object>(text: string): Promise<Row[]> =>
      (await pool.query<Row>(text, [run])).rows;
    const words = async (text: string) => (await ask<{ word: string }>(text)).map(({ word }) => word);
    const objects = join(product.dataDir, 'objects', 'artifacts');
    const files = (await filesUnder(objects)).filter(
      (path) => path.startsWith(`runs/${run}/`) && !path.includes('/input/'),
    );
    const rows = await ask<{ key: string; bytes: string; sha256: string }>(
      'select object_key as key, bytes::text, sha256 from ledger.artifact where run = $1',
    );
    const keys = rows.map(({ key }) => key);
    const objectFaults = [
      ...files.filter((path) => !keys.includes(path)).map((path) => `nobody's: ${path}`),
      ...keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `twice: ${key}`),
    ];
    for (const { key, sha256 } of rows) {
      if ((await sha256Of(join(objects, key))) !== sha256) objectFaults.push(`not as committed: ${key}`);
    }
    return {
      deliveries: await words(
        `select concat_ws('/', function, key) || ' ' || state as word from ledger.delivery where run = $1 order by 1`,
      ),
      events: await words(
        `select concat_ws('/', type, key) as word from ledger.event where run = $1 order by 1`,
      ),
      lost: (await ask(`select from ledger.attempt where run = $1 and outcome = 'lost'`)).length,
      objectFaults,
      products: await filesUnder(join(objects, 'output', run)),
    };
  } finally {
    await pool.end();
  }
}

/** Empty where the file is missing. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  return pipeline(createReadStream(path), hash).then(
    () => hash.digest('hex'),
    () => '',
  );
}

/** What a run of so many scenes leaves in the ledger when every step has had its effect once. */
export function effectsOnce(
  scenes: number,
): Pick<RunFacts, 'deliveries' | 'events' | 'objectFaults' | 'products'> {
  const parts = Array.from({ length: scenes }, (_, index) => `scene-${String(index + 1).padStart(3, '0')}`);
  const once = (name: string) => [name];
  const each = (name: string) => parts.map((part) => `${name}/${part}`);
  return {
    deliveries: [
      ...['keyword-fetch', 'generate-script', 'render-tts', 'make-thumbnail'].flatMap(once),
      ...['generate-image', 'render-scene'].flatMap(each),
      ...['mux-video', 'build-metadata', 'place-video'].flatMap(once),
    ]
      .map((name) => `${name} done`)
      .sort(),
    events: [
      ...['started', 'keywords.fetched', 'script.generated', 'audio.rendered', 'thumbnail.created'].flatMap(
        (name) => once(`pipeline.${name}`),
      ),
      ...['scripted', 'illustrated', 'rendered'].flatMap((name) => each(`scene.${name}`)),
      ...['video.assembled', 'metadata.built', 'video.placed', 'completed'].flatMap((name) =>
        once(`pipeline.${name}`),
      ),
    ].sort(),
    objectFaults: [],
    products: ['captions.srt', 'captions.vtt', 'metadata.json', 'thumbnail.jpg', 'video.mp4'],
  };
}
