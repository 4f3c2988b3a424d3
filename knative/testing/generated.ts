import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { readTopology } from '#shared/topology';
import type { Files } from '../folder.ts';
import { readWants } from '../functions/wants.ts';
import { generatedManifests } from '../generate.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';

export const functionsFolder = fileURLToPath(new URL('../../functions/', import.meta.url));
const inProject = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

export const page = inProject('events.yaml');
export const readVersions = () => inProject('versions.yaml');

/** What would be written for other texts than those of the project. */
export function generated(other: { page?: string; versions?: string; digests?: string } = {}): Files {
  const topology = readTopology({ path: 'events.yaml', text: other.page ?? page });
  return generatedManifests({
    topology,
    wants: readWants(topology, functionsFolder),
    page: other.page ?? page,
    versions: other.versions ?? readVersions(),
    digests: other.digests ?? '',
  });
}

/** All whole objects of some files. */
export function objectsOf(files: Files): readonly KubernetesObject[] {
  return Object.entries(files)
    .filter(([path]) => path.endsWith('.yaml'))
    .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject));
}

/** @throws Error where there is none, or more than one */
export function found(files: Files, kind: string, name: string): KubernetesObject {
  const all = objectsOf(files).filter((each) => each.kind === kind && each.metadata.name === name);
  const [one] = all;
  if (one === undefined || all.length > 1) throw new Error(`${all.length} objects ${kind} ${name}`);
  return one;
}

/** What stands in an object at a path of names and numbers, as `spec/replicas`. */
export const value = (object: unknown, path: string): unknown =>
  path
    .split('/')
    .reduce<unknown>((here, step) => (here as Record<string, unknown> | undefined)?.[step], object);
