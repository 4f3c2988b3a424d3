import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '#shared/config';
import type { BenchLedger } from '../ledger/with-ledger.ts';
import { type Rate, spent } from './rate.ts';

const folder = fileURLToPath(new URL('../peers/', import.meta.url));
const INSTALL_MS = 180_000;
const LIMIT_MS = 300_000;
const run = promisify(execFile);

/**
 * Installs the peers where they are not yet: a package of its own with its own lockfile, no part of the product.
 *
 * @returns why they cannot be had here; undefined when they are there
 */
export async function installPeers(): Promise<string | undefined> {
  if (existsSync(`${folder}node_modules/.package-lock.json`)) return undefined;
  try {
    await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder], {
      cwd: folder,
      env: inheritedEnvironment(),
      timeout: INSTALL_MS,
    });
    return undefined;
  } catch (error) {
    return `"npm ci --prefix bench/peers" failed (${error instanceof Error ? error.message.split('\n')[0] : 'unknown'})`;
  }
}

/** `graphile-worker 0.18.0`, of the installed package. */
export async function peerVersion(name: string): Promise<string> {
  const text = await readFile(`${folder}node_modules/${name}/package.json`, 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return `${name.replace(/^@.*\//, '')} ${version}`;
}

/** Runs the same chain through `bench/peers/<program>.mjs`, a process of its own on the same database. */
export async function peerRate(
  { url, pid, pool }: BenchLedger,
  { program, runs, ...settings }: { program: string; runs: number } & Record<string, unknown>,
): Promise<Rate> {
  await pool.query('checkpoint');
  const told = JSON.stringify({ url, runs, ...settings });
  const { result, cpuSeconds } = await spent([pid], () =>
    run(process.execPath, ['--disable-warning=ExperimentalWarning', `${folder}${program}.mjs`, told], {
      env: inheritedEnvironment(),
      timeout: LIMIT_MS,
    }),
  );
  const said = JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as {
    perSecond: number;
    cpuSeconds: number;
  };
  return { perSecond: said.perSecond, cpuMs: ((cpuSeconds + said.cpuSeconds) * 1_000) / (runs * 2) };
}
