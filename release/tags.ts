import { compare, valid } from 'semver';
import { Permanent } from '#shared/errors';
import { type Git, lines } from './git.ts';

/** A version of a function that was released: an annotated tag `render-tts@v1.2.0`. */
export interface Release {
  readonly name: string;
  readonly version: string;
}

export const tagOf = ({ name, version }: Release): string => `${name}@v${version}`;

/** @returns nothing where the text is no tag of a function */
export function readTag(tag: string): Release | undefined {
  const at = tag.lastIndexOf('@v');
  const version = tag.slice(at + 2);
  return at > 0 && valid(version) === version ? { name: tag.slice(0, at), version } : undefined;
}

/** A version as people write it: `1.2.0`, or `v1.2.0`. @throws Permanent `version-invalid` */
export function readVersion(text: string): string {
  const version = text.replace(/^v/, '');
  if (valid(version) === version) return version;
  throw new Permanent('version-invalid', `"${text}" is no version; write three numbers, such as 1.2.0.`);
}

/**
 * The releases that the commit contains, of each function the newest first.
 *
 * @param commit releases elsewhere, of a branch that is not merged, are none of it
 */
export async function releasesIn(git: Git, commit: string): Promise<ReadonlyMap<string, readonly string[]>> {
  return byName(lines(await git('tag', '--list', '*@v*', '--merged', commit)));
}

/** All releases that this checkout knows. */
export async function allReleases(git: Git): Promise<ReadonlyMap<string, readonly string[]>> {
  return byName(lines(await git('tag', '--list', '*@v*')));
}

function byName(tags: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const releases = tags.map(readTag).filter((release) => release !== undefined);
  releases.sort((one, other) => compare(other.version, one.version));
  const found = new Map<string, string[]>();
  for (const { name, version } of releases) found.set(name, [...(found.get(name) ?? []), version]);
  return found;
}
