#!/usr/bin/env node
// Finds a Node that can run the project's TypeScript (the lockfile brings Node 24), then starts the command line.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const runsTypeScript = major > 22 || (major === 22 && minor >= 18);
const bundled = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

if (!existsSync(join(root, 'node_modules'))) {
  fail(`The packages are not installed. Run this first:\n\n  cd "${root}" && npm ci\n`);
} else if (major >= 24) {
  await run();
} else if (existsSync(bundled)) {
  handOver();
} else if (runsTypeScript) {
  await run();
} else {
  fail(
    `Millrace needs Node 22.18 or newer; this is Node ${process.versions.node}, and npm brought no newer one ` +
      `for ${process.platform}-${process.arch}.\nInstall Node 24 (https://nodejs.org), then run the same line again.\n`,
  );
}

async function run() {
  module.enableCompileCache?.();
  const { main } = await import('../localstack/cli/main.ts');
  await main();
}

function handOver() {
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to the child as well; the child takes two that come together as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Node 24 at ${bundled} does not start: ${error.message}\n`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

function fail(message) {
  process.stderr.write(message);
  process.exitCode = 1;
}
