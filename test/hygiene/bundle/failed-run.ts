import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ArtifactRef, eventCatalogue } from '#shared/events';
import { newRunId } from '#shared/ledger';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../../localstack/embedded/paths.ts';
import { commitOf, createLedgerFixture, type LedgerFixture } from '../../ledger-fixture.ts';
import { type Answer, startMillrace } from '../run-millrace.ts';
import { CARELESS, SECRETS, TOKEN } from './secrets.ts';

/** What the run was to speak. */
export const TEXT =
  '# Three hearts\n\nAn octopus has three hearts. Two of them serve the gills. It rests often.\n';

type Store = (key: string, content: string, type: string) => Promise<ArtifactRef>;

/** A run whose second step is dead, and the command line that packs and loads it. */
export interface FailedRun {
  readonly fixture: LedgerFixture;
  readonly run: string;
  /** The delivery that is dead. */
  readonly dead: string;
  /** Where commands are given; everything else lies in it. */
  readonly folder: string;
  /** DATA_DIR of the machine on which it failed. */
  readonly there: string;
  /** Puts a file where that machine keeps artifacts. */
  readonly store: Store;
  /** `millrace bundle` of the run. */
  pack(...words: string[]): Promise<Answer>;
  /** `millrace replay-bundle` on a machine. */
  load(dataDir: string, ...words: string[]): Promise<Answer>;
  close(): Promise<void>;
}

export async function failedRun(): Promise<FailedRun> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace bundle '));
  const there = join(folder, 'there');
  const fixture = await createLedgerFixture(readTopology({ path: topologyPath }));
  const run = newRunId();
  const store = storeIn(there);
  const dead = await fail({ fixture, run, store });
  // A person's own token, and the keys that sign.
  await startMillrace({ words: ['token', '--owner', 'alice'], environment: { DATA_DIR: there } }).ended;
  await writeFile(join(there, 'token'), `${TOKEN}\n`);
  const environment = { DATABASE_URL: fixture.url, DATA_DIR: there, ...SECRETS };
  return {
    ...{ fixture, run, dead, folder, there, store },
    pack: (...words) => startMillrace({ words: ['bundle', run, ...words], folder, environment }).ended,
    load: (dataDir, ...words) =>
      startMillrace({ words: ['replay-bundle', ...words], folder, environment: { DATA_DIR: dataDir } }).ended,
    async close() {
      await fixture.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function storeIn(dataDir: string): Store {
  return async (key, content, type) => {
    const path = join(dataDir, 'objects/artifacts', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    const [bytes, sha256] = [Buffer.byteLength(content), createHash('sha256').update(content).digest('hex')];
    return { key, name: key.split('/').at(-1) ?? '', type, bytes, sha256 };
  };
}

/** Its first step fails once and then ends, its second is dead. */
async function fail(parts: { fixture: LedgerFixture; run: string; store: Store }): Promise<string> {
  const { fixture, run, store } = parts;
  const script = await store(`runs/${run}/input/hearts.md`, TEXT, 'text/markdown');
  const leaked = await store(
    `runs/${run}/input/leaked.md`,
    `my key is ${SECRETS.OPENAI_API_KEY}`,
    'text/markdown',
  );
  const { settings } = eventCatalogue['pipeline.started'].example;
  await fixture.ledger.publish({
    run: {
      id: run,
      flow: 'script',
      owner: 'alice',
      title: `Hearts ${TOKEN}`,
      labels: { note: CARELESS[0] ?? '' },
    },
    event: { type: 'pipeline.started', data: { settings: { ...settings, seconds: 10 }, script } },
  });
  const host = await fixture.host({ lane: 'cpu' });
  const first = await fixture.claimOne(host, { lane: 'cpu' });
  const passing = {
    kind: 'transient',
    code: 'model-away',
    message: `401 for ${CARELESS.join(' ')}`,
  } as const;
  await fixture.work.fail({ claim: first, failure: passing, delayMs: 0 });
  await fixture.housekeeping.promote();
  const again = await fixture.claimOne(host, { lane: 'cpu' });
  const fetched = eventCatalogue['pipeline.keywords.fetched'].example;
  const data = {
    settings: { ...settings, seconds: 10 },
    script,
    subject: 'octopus hearts',
    keywords: fetched.keywords,
  };
  await fixture.work.commit(
    commitOf(again, [{ type: 'pipeline.keywords.fetched', data }], {
      artifacts: [
        await store(`runs/${run}/${again.id}/1-abcdef/notes.txt`, 'not needed by anybody', 'text/plain'),
        leaked,
      ],
    }),
  );
  const second = await fixture.claimOne(host, { lane: 'cpu' });
  const failure = {
    kind: 'permanent',
    code: 'script-invalid',
    message: `It said ${CARELESS.join(', ')}.`,
  } as const;
  await fixture.work.fail({ claim: second, failure, delayMs: 0 });
  return second.id;
}
