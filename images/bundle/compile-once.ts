import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inheritedEnvironment } from '#shared/config';
import { Permanent } from '#shared/errors';

const LIMIT_MS = 30_000;
/** Nobody answers there: the bundle loads all that it needs to ask, and then says that it is not ready. */
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nothing';

/**
 * Starts a bundle once with this Node and lets it load everything, so that what Node compiles lies beside it: an image
 * takes it along, and each cold start after that only reads.
 *
 * @throws Permanent `bundle-does-not-start`
 */
export async function compileOnce(main: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-compile-'));
  try {
    await start(main, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function start(main: string, scratch: string): Promise<void> {
  // A cache that this process has elsewhere would take what is to lie beside the bundle.
  const { NODE_COMPILE_CACHE: _elsewhere, ...environment } = inheritedEnvironment();
  const child = spawn(process.execPath, [main], {
    env: { ...environment, PORT: '0', DATABASE_URL: NOWHERE, DATA_DIR: scratch, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const { message, port } = JSON.parse(line) as { message?: string; port?: number };
    if (message !== 'ready') continue;
    await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(LIMIT_MS) });
    // Node writes what it has compiled when it ends.
    child.kill('SIGTERM');
  }
  const [code] = await exited;
  if (code !== 0)
    throw new Permanent('bundle-does-not-start', `${main} ended with ${code} when it was tried.`);
}
