import { gt } from 'semver';
import { Permanent } from '#shared/errors';
import { type Checkout, commitVersions, versionsOf } from './checkout.ts';
import { isTagThere, pushTogether, type Remote } from './remote.ts';
import { allReleases, type Release, readVersion, tagOf } from './tags.ts';
import { versionOf } from './versions.ts';

/**
 * Releases a function by hand: `versions.yaml` names the version in a commit, the tag stands on it, both are pushed
 * together. Where anything of that fails, nothing was done.
 *
 * @param remote left out, nothing is pushed
 * @throws Permanent `function-unknown`, `version-invalid`, `tag-exists`, `version-not-newer`, `checkout-dirty`,
 *   `git-failed`
 * @returns the tag
 */
export async function tagFunction(options: {
  checkout: Checkout;
  name: string;
  version: string;
  remote?: Remote;
}): Promise<string> {
  const { checkout, name, remote } = options;
  const { git } = checkout;
  const stands = versionOf(await versionsOf(checkout), name);
  const release: Release = { name, version: readVersion(options.version) };
  const tag = tagOf(release);
  await refuseTaken(options, release);

  const before = (await git('rev-parse', 'HEAD')).trim();
  const undo = async () => {
    await git('tag', '--delete', tag).catch(() => undefined);
    // Only what was committed here is taken back: nothing else was changed.
    await git('reset', '--quiet', '--keep', before);
  };
  if (stands !== release.version) {
    const message = `chore(release): ${name} ${release.version}`;
    await commitVersions(checkout, { [name]: release.version }, message);
  }
  try {
    await git('tag', '--annotate', '--message', `${name} ${release.version}`, tag);
    if (remote !== undefined) await pushTogether(git, remote, [`refs/tags/${tag}`]);
  } catch (error) {
    await undo();
    throw error;
  }
  return tag;
}

async function refuseTaken(
  { checkout: { git }, remote }: { checkout: Checkout; remote?: Remote },
  { name, version }: Release,
): Promise<void> {
  const tag = tagOf({ name, version });
  const released = (await allReleases(git)).get(name) ?? [];
  const isTaken =
    released.includes(version) || (remote !== undefined && (await isTagThere(git, remote, tag)));
  if (isTaken) {
    throw new Permanent(
      'tag-exists',
      `${tag} exists already; take the next version, or take that one back first: npm run untag -- ${name} ${version}`,
    );
  }
  const newest = released[0];
  if (newest !== undefined && !gt(version, newest)) {
    throw new Permanent(
      'version-not-newer',
      `${name} ${newest} is released already; ${version} is older. To deploy an older version, name it in versions.yaml.`,
    );
  }
}
