import { lt } from 'semver';
import { type Checkout, versionsAt, versionsOf } from './checkout.ts';
import { lines } from './git.ts';
import { allReleases, type Release, tagOf } from './tags.ts';
import { VERSIONS_PAGE } from './versions.ts';

/** What a moved `versions.yaml` asks for. */
export interface Coordination {
  /** Tags that were made: versions that never were released. */
  readonly tagged: readonly string[];
  /** Tags that are there and shall be deployed again: the page went back to them. */
  readonly again: readonly string[];
}

/**
 * Makes a tag for every version of `versions.yaml` that has none. Done twice it makes nothing more.
 *
 * @param before the commit that the branch stood at; left out, nothing is deployed again
 * @param remote left out, nothing is pushed
 */
export async function tagNewVersions(options: {
  checkout: Checkout;
  before?: string;
  remote?: string;
}): Promise<Coordination> {
  const { checkout, before, remote } = options;
  const { git } = checkout;
  const versions = await versionsOf(checkout);
  const releases = await allReleases(git);
  const wanted: readonly Release[] = Object.entries(versions).map(([name, version]) => ({ name, version }));
  const missing = wanted.filter(({ name, version }) => !releases.get(name)?.includes(version));

  const made: string[] = [];
  try {
    for (const release of missing) {
      const commit = releases.has(release.name) ? await commitOfLine(checkout, release.name) : 'HEAD';
      const message = `${release.name} ${release.version}`;
      await git('tag', '--annotate', '--message', message, tagOf(release), commit);
      made.push(tagOf(release));
    }
    if (remote !== undefined && made.length > 0)
      await git('push', '--quiet', '--atomic', remote, ...made.map((tag) => `refs/tags/${tag}`));
  } catch (error) {
    for (const tag of made) await git('tag', '--delete', tag);
    throw error;
  }
  const earlier = (before === undefined ? undefined : await versionsAt(git, before)) ?? {};
  const again = wanted.filter(({ name, version }) => {
    const was = Object.hasOwn(earlier, name) ? earlier[name] : undefined;
    return was !== undefined && lt(version, was) && releases.get(name)?.includes(version);
  });
  return { tagged: made, again: again.map(tagOf) };
}

/**
 * The commit of the branch that brought the version: what was merged after it is none of that release. The first
 * release of a function has everything.
 */
async function commitOfLine({ git }: Checkout, name: string): Promise<string> {
  const words = ['--first-parent', '--max-count=1', '--format=%H', `-G^${name}[[:space:]]*:`];
  return lines(await git('log', ...words, 'HEAD', '--', VERSIONS_PAGE))[0] ?? 'HEAD';
}
