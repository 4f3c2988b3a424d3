import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { MillraceError } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { REGISTRY } from '../knative/installation.ts';
import { findBuilder } from './find-builder.ts';
import { asLine, imageCommand } from './image-command.ts';
import { PLATFORM, targetOf } from './target.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const USAGE = `npm run image -- <function|${PLATFORM}> [--registry ${REGISTRY}] [--platform linux/amd64,linux/arm64] [--push] [--print]`;
/** Nothing here can build it. */
const EXIT_NO_BUILDER = 3;

/** Builds one image with what this machine has; with nothing, or with `--print`, it says what it would run. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      registry: { type: 'string', default: REGISTRY },
      platform: { type: 'string', default: '' },
      push: { type: 'boolean', default: false },
      print: { type: 'boolean', default: false },
    },
  });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const topology = readTopology({ path: join(root, 'events.yaml') });
  const request = {
    name,
    version: await versionOf(name),
    target: await targetOf(name, topology),
    registry: values.registry,
    platforms: values.platform.split(',').filter((each) => each !== ''),
    to: values.push ? 'registry' : 'machine',
  } as const;
  const builder = await findBuilder();
  const [program = '', ...words] = imageCommand(builder ?? 'docker', request);
  const line = asLine([program, ...words]);
  if (values.print) {
    process.stdout.write(`${line}\n`);
    return 0;
  }
  if (builder === undefined) {
    process.stderr.write(
      `Neither Docker (with its daemon and buildx) nor Podman answers on this machine. It would run:\n\n  ${line}\n\n`,
    );
    return EXIT_NO_BUILDER;
  }
  const child = spawn(program, words, { cwd: root, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

async function versionOf(name: string): Promise<string> {
  const page = await readFile(join(root, 'versions.yaml'), 'utf8');
  return (parse(page) as Record<string, string>)[name] ?? '0.0.0';
}

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof MillraceError)) throw error;
  process.stderr.write(`${error.message}\n`);
  return 1;
});
