import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inheritedEnvironment } from '#shared/config';

/** The least that can answer: what every start of Node pays. It says its port as our processes do. */
const BARE = `const server = require('node:http').createServer((_, answer) => answer.end('{}'));
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ message: 'ready', port: server.address().port })));`;
/** As images start it. */
const FLAGS = ['--min-semi-space-size=8'];
/** Nobody is there: a start must not wait for the ledger. */
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nothing';
const LIMIT_MS = 30_000;

/** How long starts took, the median of several, in milliseconds. */
export interface Starts {
  readonly bundleMs: number;
  readonly bareMs: number;
  /** The one divided by the other. */
  readonly ratio: number;
}

/**
 * From spawn to the first answer of `/health`: a bundle, and a server of `node:http` that does nothing else, by turns, so
 * that both have the same neighbours.
 *
 * @param main of a bundle that Node has compiled
 * @throws Error where one of them does not start
 */
export async function measureStarts({ main, rounds }: { main: string; rounds: number }): Promise<Starts> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-start-'));
  try {
    const bare = join(folder, 'bare.cjs');
    await writeFile(bare, BARE);
    const [ours, least]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      least.push(await startMs([bare], folder));
      ours.push(await startMs([...FLAGS, main], folder));
    }
    const [bundleMs, bareMs] = [median(ours), median(least)];
    return { bundleMs, bareMs, ratio: bundleMs / bareMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startMs(words: readonly string[], dataDir: string): Promise<number> {
  const before = performance.now();
  const child = spawn(process.execPath, words, {
    env: {
      ...inheritedEnvironment(),
      DATA_DIR: dataDir,
      DATABASE_URL: NOWHERE,
      PORT: '0',
      HOST: '127.0.0.1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  try {
    const answer = await fetch(`http://127.0.0.1:${await portOf(child)}/health`);
    if (!answer.ok) throw new Error(`${words.join(' ')} answers ${answer.status}`);
    return performance.now() - before;
  } finally {
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }
}

async function portOf({ stdout, stderr }: ChildProcess): Promise<number> {
  let complaints = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  if (stdout !== null)
    for await (const line of createInterface({ input: stdout })) {
      const { message, port } = JSON.parse(line) as { message: string; port?: number };
      if (message === 'ready' && port !== undefined) return port;
    }
  throw new Error(`It did not start: ${complaints}`);
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
