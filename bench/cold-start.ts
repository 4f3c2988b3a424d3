import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '#shared/config';
import { type Benchmark, measured, median } from './benchmark.ts';
import { withLedger } from './ledger/with-ledger.ts';

/** A function of the profile `light`. */
const FUNCTION = 'place-video';
const ROUNDS = 9;
const FULL_ROUNDS = 31;
const START_MS = 30_000;
/** As images start it (`images/Dockerfile`): what a start leaves behind is not collected in the middle of it. */
const FLAGS = ['--min-semi-space-size=8'];
const BUILDER = fileURLToPath(new URL('../images/bundle.ts', import.meta.url));

/** The least that can answer: what every cold start pays. */
const BARE = `require('node:http').createServer((incoming, outgoing) => {
  incoming.resume().on('end', () => outgoing.writeHead(202).end());
}).listen(Number(process.argv[2]), '127.0.0.1');`;

/** From spawn to the first answered CloudEvent: the bundle of one function, and a bare node:http server. */
export default {
  name: 'cold-start',
  run: ({ scratch, full = false }) =>
    withLedger(scratch, async ({ url }) => {
      const bare = join(scratch, 'bare.cjs');
      await writeFile(bare, BARE);
      await promisify(execFile)(process.execPath, [BUILDER, FUNCTION, '--out', scratch]);
      const bundle = join(scratch, FUNCTION, 'main.cjs');
      const ours: Start[] = [];
      const least: Start[] = [];
      for (let round = 0; round < (full ? FULL_ROUNDS : ROUNDS); round += 1) {
        least.push(await start([bare], url));
        ours.push(await start([...FLAGS, bundle], url));
      }
      const [all, connecting, bareMs] = [
        median(ours.map(({ ms }) => ms)),
        median(ours.map(({ connectMs }) => connectMs)),
        median(least.map(({ ms }) => ms)),
      ];
      return [
        measured({
          what: `cold start of ${FUNCTION}: spawn to first answered event`,
          value: all,
          unit: 'ms',
        }),
        measured({ what: '… of which connecting to the database', value: connecting, unit: 'ms' }),
        measured({ what: 'bare node:http server', value: bareMs, unit: 'ms' }),
        measured({
          ...{ what: '… ours without connecting ÷ bare', value: (all - connecting) / bareMs },
          ...{ unit: '×', digits: 2, goal: { atMost: 2 } },
        }),
      ];
    }),
} satisfies Benchmark;

interface Start {
  readonly ms: number;
  readonly connectMs: number;
}

async function start(program: readonly string[], databaseUrl: string): Promise<Start> {
  const port = await freePort();
  const before = performance.now();
  const child = spawn(process.execPath, [...program, String(port)], {
    env: {
      ...inheritedEnvironment(),
      ...{ PORT: String(port), DATABASE_URL: databaseUrl, LOG_LEVEL: 'info' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  try {
    await answered(port);
    const ms = performance.now() - before;
    const connected = said.split('\n').find((line) => line.includes('"connected"'));
    return { ms, connectMs: connected === undefined ? 0 : (JSON.parse(connected) as { ms: number }).ms };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

/** A wake-up of a delivery that is long done: the ledger is asked, and answers. */
async function answered(port: number): Promise<void> {
  const headers = {
    ...{
      'ce-specversion': '1.0',
      'ce-id': '0198c0de-0000-8000-a000-000000000000.1',
      'ce-source': 'urn:bench',
    },
    ...{ 'ce-type': 'millrace.wake-up', 'ce-function': FUNCTION },
  };
  const end = performance.now() + START_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers }).catch(
      () => undefined,
    );
    if (answer?.status === 202) return;
    if (answer !== undefined) throw new Error(`The first event was answered ${answer.status}.`);
    if (performance.now() > end) throw new Error('No event was answered.');
    await sleep(1);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
