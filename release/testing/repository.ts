import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { createAffected } from '../affected/index.ts';
import { type Checkout, openCheckout, versionsOf } from '../checkout.ts';
import { createGit, type Git } from '../git.ts';
import { type Plan, planBumps } from '../plan.ts';
import { platformFolders } from '../platform.ts';

/** A real repository with a small project in it, and a bare one that it pushes to. */
export interface Repository {
  readonly root: string;
  readonly git: Git;
  readonly checkout: Checkout;
  /** Writes files (`undefined` removes one) and commits them. @returns the hash */
  commit(message: string, files: Readonly<Record<string, string | undefined>>): Promise<string>;
  read(path: string): Promise<string>;
  /** Tags of the bare repository. */
  remoteTags(): Promise<readonly string[]>;
  plan(): Promise<Plan>;
  /** Of the plan: the new version of each function. */
  bumped(): Promise<Readonly<Record<string, string>>>;
  remove(): Promise<void>;
}

export const functions = ['alpha', 'beta', 'gamma', 'delta'].map((name) => ({ area: 'video', name }));

/** Answered by the platform. */
const commands = [{ area: 'social', name: 'greet' }] as never;

/** Alpha, beta and gamma count words, delta does not; alpha alone needs the port `voice`. */
export const project: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ type: 'module', imports: { '#shared/*': './shared/*/index.ts' } }),
  'package-lock.json': lockfile({ tiny: '1.0.0', inner: '1.0.0', outer: '1.0.0', other: '1.0.0' }),
  'versions.yaml':
    '# Every function.\nalpha: 0.1.0\nbeta: 0.1.0 # the second\ngamma: 0.1.0\ndelta: 0.1.0\nplatform: 0.1.0\n',
  'events.yaml': topology({ delta: 'light' }),
  'functions/video/alpha/function.ts':
    "import { count } from '#shared/words';\nexport default { needs: ['voice'], handle: count };\n",
  'functions/video/beta/function.ts': "import { count } from '#shared/words';\nexport default count;\n",
  'functions/video/gamma/function.ts':
    "import { own } from './own.ts';\nimport tiny from 'tiny';\nexport default [own, tiny];\n",
  'functions/video/gamma/own.ts': "import { count } from '#shared/words';\nexport const own = count;\n",
  'functions/video/delta/function.ts':
    "import { shout } from '#shared/words';\nimport type { Count } from '#shared/words';\nexport default shout;\n",
  'shared/words/index.ts':
    "export { count, type Count } from './count.ts';\nexport { shout } from './shout.ts';\n",
  'shared/words/count.ts':
    "import { readFileSync } from 'node:fs';\nexport type Count = number;\n" +
    "// biome-ignore lint: a fixture\nexport const count = () => readFileSync(new URL('./lists/stop.txt', import.meta.url));\n",
  'shared/words/lists/stop.txt': 'the\n',
  'shared/words/shout.ts': 'export const shout = (text: string) => text.toUpperCase();\n',
  'shared/voice/index.ts': "export { speak } from './speak.ts';\n",
  'shared/voice/speak.ts': 'export const speak = 1;\nexport interface Voice { a: 1 }\n',
  'shared/function/ports.ts':
    "import type { Voice } from '#shared/voice';\nexport interface Ports { readonly voice: Voice }\n",
  'functions/social/greet/function.ts': "import { open } from '#shared/door';\nexport default open;\n",
  'functions/ingress/routes.ts': 'export const routes = [];\n',
  'platform/main.ts':
    "import greet from '../functions/social/greet/function.ts';\nimport { routes } from '../functions/ingress/routes.ts';\nimport 'outer';\nexport default [greet, routes];\n",
  'shared/door/index.ts': "export { open } from './open.ts';\n",
  'shared/door/open.ts': 'export const open = 1;\n',
  'docs/page.md': 'text\n',
};

/** @param profiles of functions that are not `cpu` */
export function topology(profiles: Readonly<Record<string, string>>, timeout = '30s'): string {
  const entries = functions.map(
    ({ area, name }) => `  ${area}/${name}: { profile: ${profiles[name] ?? 'cpu'} }`,
  );
  return `profiles:\n  light: { timeout: ${timeout} }\n  cpu: { timeout: 5m }\nfunctions:\n${entries.join('\n')}\n`;
}

/** `tiny` needs `inner`; the platform needs `outer`, nobody `other`. */
export function lockfile(versions: Readonly<Record<string, string>>): string {
  const packages = Object.entries(versions).map(([name, version]) => [
    `node_modules/${name}`,
    { version, ...(name === 'tiny' ? { dependencies: { inner: '*' } } : {}) },
  ]);
  return JSON.stringify({ lockfileVersion: 3, packages: Object.fromEntries(packages) });
}

let template: Promise<string> | undefined;

afterAll(async () => {
  if (template !== undefined) await rm(await template, { recursive: true, force: true });
});

/** Made once for a file of tests; each test has a copy. */
async function createTemplate(): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'millrace release '));
  await createGit(scratch)('init', '--quiet', '--bare', '--initial-branch=main', 'remote.git');
  await createGit(scratch)('init', '--quiet', '--initial-branch=main', 'work');
  const git = createGit(join(scratch, 'work'));
  for (const [name, value] of settings) await git('config', name, value);
  await writeFiles(join(scratch, 'work'), { ...project, 'deployed.txt': project['versions.yaml'] });
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'chore: begin');
  return scratch;
}

async function writeFiles(root: string, files: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    if (text === undefined) await rm(target);
    else await writeFile(target, text);
  }
}

export async function createRepository(): Promise<Repository> {
  template ??= createTemplate();
  const scratch = await mkdtemp(join(tmpdir(), 'millrace release '));
  await cp(await template, scratch, { recursive: true });
  const root = join(scratch, 'work');
  const bare = join(scratch, 'remote.git');
  const git = createGit(root);
  await git('remote', 'add', 'origin', bare);
  // As the manifests do, this file follows from versions.yaml.
  const checkout = openCheckout(root, async () =>
    writeFile(join(root, 'deployed.txt'), await readFile(join(root, 'versions.yaml'), 'utf8')),
  );
  const repository: Repository = {
    root,
    git,
    checkout,
    read: (path) => readFile(join(root, path), 'utf8'),
    commit: async (message, files) => {
      await writeFiles(root, files);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', message);
      return (await git('rev-parse', 'HEAD')).trim();
    },
    remoteTags: async () => (await createGit(bare)('tag', '--list')).split('\n').filter((tag) => tag !== ''),
    plan: async () => {
      const affected = createAffected({ root, git, functions, platform: platformFolders({ commands }) });
      return planBumps({ git, versions: await versionsOf(checkout), affected });
    },
    bumped: async () => {
      const { bumps } = await repository.plan();
      return Object.fromEntries(bumps.map(({ name, to }) => [name, to]));
    },
    remove: () => rm(scratch, { recursive: true, force: true }),
  };
  return repository;
}

const settings = [
  ['user.name', 'A Tester'],
  ['user.email', 'tester@example.invalid'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['core.hooksPath', '/dev/null'],
] as const;
