import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Permanent } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { readWants } from '../../knative/functions/wants.ts';
import { generatedManifests } from '../../knative/generate.ts';
import { generatedProvision } from '../../localstack/provision/index.ts';
import { generatedOpenFaas } from '../../openfaas/generate.ts';
import { completeLockfile } from './complete-lockfile.ts';
import { flowDiagram } from './flow-diagram.ts';
import { functionsPage } from './functions-page.ts';
import { inProject, root } from './project.ts';

export interface GeneratedFile {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** Folders that a machine writes wholly. */
const FOLDERS = ['knative/generated', 'localstack/generated', 'openfaas/generated'];

/** What lies there and would not be written now: of a function that is gone, for one. From the project's folder. */
export async function strayFiles(files: readonly GeneratedFile[]): Promise<readonly string[]> {
  const written = new Set(files.map(({ path }) => path));
  const there = await Promise.all(
    FOLDERS.map(async (folder) => {
      const entries = await readdir(inProject(folder), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
    }),
  );
  return there.flat().filter((path) => !written.has(path));
}

const START = '<!-- generated from events.yaml: npm run generate -->';
const END = '<!-- end of the generated part -->';

/** Every file, or part of one, that a machine writes, as it should be. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const page = await readFile(inProject('events.yaml'), 'utf8');
  const topology = readTopology({ path: 'events.yaml', text: page });
  const readme = await readFile(inProject('README.md'), 'utf8');
  const diagram = `\n\`\`\`mermaid\n${flowDiagram(topology, 'video')}\n\`\`\`\n`;
  const provision = await generatedProvision({ topology, functions: inProject('functions') });
  const released = {
    topology,
    page,
    wants: readWants(topology, inProject('functions')),
    versions: await readFile(inProject('versions.yaml'), 'utf8'),
    digests: await readFile(inProject('digests.yaml'), 'utf8').catch(() => ''),
  };
  return [
    ...within('knative/generated', generatedManifests(released)),
    ...within('openfaas/generated', generatedOpenFaas(released)),
    ...within('localstack/generated', provision),
    { path: 'README.md', text: between(readme, diagram) },
    { path: 'docs/functions.md', text: await functionsPage(topology) },
    {
      path: 'package-lock.json',
      text: completeLockfile(await readFile(inProject('package-lock.json'), 'utf8')),
    },
  ];
}

const within = (folder: string, files: Readonly<Record<string, string>>): readonly GeneratedFile[] =>
  Object.entries(files).map(([path, text]) => ({ path: `${folder}/${path}`, text }));

function between(page: string, part: string): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start < 0 || end < start) {
    throw new Permanent('markers-missing', `README.md: the lines "${START}" and "${END}" must stand in it.`);
  }
  return `${page.slice(0, start + START.length)}${part}${page.slice(end)}`;
}
