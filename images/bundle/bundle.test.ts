import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inheritedEnvironment } from '#shared/config';
import { eventCatalogue } from '#shared/events';
import { newRunId } from '#shared/ledger';
import { createFilesystemStore } from '#shared/storage';
import type { Topology } from '#shared/topology';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { buildBundle } from './index.ts';

const plain = testTopology({ 'place-video': [on('pipeline.metadata.built')] });
const topology: Topology = {
  ...plain,
  functions: plain.functions.map((fn) =>
    fn.name === 'place-video' ? { ...fn, emits: ['pipeline.video.placed'] } : fn,
  ),
};
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nothing';

let fixture: LedgerFixture;
let folder: string;
let main: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace bundle, it's "));
  fixture = await createLedgerFixture(topology);
  ({ main } = await buildBundle({ name: 'place-video', topology, folder: join(folder, 'place-video') }));
}, 120_000);
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await fixture?.close();
  await rm(folder, { recursive: true, force: true });
});

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: { ...inheritedEnvironment(), DATA_DIR: join(folder, 'data'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, complaints }));
  return { child, ended };
}

/** Starts it on a free port; answers its address. */
async function served(databaseUrl: string): Promise<{ url: string; stop(): Promise<unknown> }> {
  const { child, ended } = start({ PORT: '0', DATABASE_URL: databaseUrl });
  for await (const line of createInterface({ input: child.stdout })) {
    const { message, port } = JSON.parse(line) as { message: string; port?: number };
    if (message !== 'ready') continue;
    child.stdout.resume();
    return {
      url: `http://127.0.0.1:${port}/`,
      async stop() {
        child.kill('SIGTERM');
        return (await ended).code;
      },
    };
  }
  throw new Error(`It did not start: ${(await ended).complaints}`);
}

const wake = (url: string, delivery: string): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: {
      ...{ 'ce-specversion': '1.0', 'ce-id': `${delivery}.1`, 'ce-source': 'urn:millrace:wake-ups' },
      ...{ 'ce-type': 'millrace.wake-up', 'ce-function': 'place-video' },
    },
  });

describe('the bundle of a function', () => {
  it('does the work that a wake-up names, and ends well when it is told to', async () => {
    const run = newRunId();
    const data = eventCatalogue['pipeline.metadata.built'].example;
    const store = await createFilesystemStore({ root: join(folder, 'data', 'objects', 'artifacts') });
    for (const { key } of data.products) await store.put(key, Buffer.from('a video'));
    await fixture.ledger.publish({
      run: { id: run, flow: 'video', owner: 'alice', title: 'A run', labels: {} },
      event: { type: 'pipeline.metadata.built', data },
    });
    const [delivery] = await fixture.rows<{ id: string }>('select id from ledger.delivery where run = $1', [
      run,
    ]);
    const { url, stop } = await served(fixture.url);
    const answer = await wake(url, delivery?.id ?? 'none');
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    const facts = await fixture.rows(
      `select d.function, d.state, d.error, e.type from ledger.delivery d
       left join ledger.event e on e.cause = d.id where d.run = $1`,
      [run],
    );
    expect(facts).toEqual([
      { function: 'place-video', state: 'done', error: null, type: 'pipeline.video.placed' },
    ]);
    expect((await wake(url, delivery?.id ?? 'none')).status).toBe(202);
    expect((await fetch(new URL('/ready', url))).status).toBe(200);
    expect(await (await fetch(new URL('/metrics', url))).text()).toContain('millrace_deliveries_total');
    expect(await stop()).toBe(0);
  }, 120_000);

  it('lives without the ledger, and leaves what it is sent to who sent it', async () => {
    const { url, stop } = await served(NOWHERE);
    expect((await fetch(new URL('/health', url))).status).toBe(200);
    expect((await fetch(new URL('/ready', url))).status).toBe(503);
    expect((await wake(url, newRunId())).status).toBe(503);
    expect(await stop()).toBe(0);
  }, 120_000);

  it.each<[string, Record<string, string>, RegExp]>([
    ['no database', { PORT: '0' }, /DATABASE_URL is not set/],
    ['a port that is none', { PORT: 'eighty', DATABASE_URL: NOWHERE }, /PORT="eighty"/],
    ['a database that is none', { PORT: '0', DATABASE_URL: 'mysql://x' }, /DATABASE_URL/],
  ])('does not start with %s, and says why', async (_, environment, complaint) => {
    const { code, complaints } = await start(environment).ended;
    expect(complaints).toMatch(complaint);
    expect(code).toBe(1);
  });

  it('is not built of a function that is not there', async () => {
    const built = buildBundle({ name: 'sing-song', topology, folder: join(folder, 'sing-song') });
    await expect(built).rejects.toMatchObject({ code: 'function-unknown' });
  });
});
