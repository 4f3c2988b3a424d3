import { nearestWord, Permanent } from '#shared/errors';
import { type Checkout, commitVersions, versionsOf } from './checkout.ts';
import { lines } from './git.ts';
import { isTagThere, pushTogether, type Remote } from './remote.ts';
import { allReleases, readVersion, tagOf } from './tags.ts';
import { versionOf } from './versions.ts';

/** What was undone. */
export interface Untagged {
  readonly tag: string;
  /** The version that `versions.yaml` names now; nothing where there is no older release to go back to. */
  readonly version: string | undefined;
}

/**
 * Takes a release back: the tag goes, here and at the remote, and `versions.yaml` names the release before it, which is
 * what the pipeline then deploys. Images stay in their registries.
 *
 * @param remote left out, only this checkout is changed
 * @throws Permanent `function-unknown`, `version-invalid`, `tag-unknown`, `checkout-dirty`, `git-failed`
 */
export async function untagFunction(options: {
  checkout: Checkout;
  name: string;
  version: string;
  remote?: Remote;
}): Promise<Untagged> {
  const { checkout, name, remote } = options;
  const { git } = checkout;
  const stands = versionOf(await versionsOf(checkout), name);
  const version = readVersion(options.version);
  const tag = tagOf({ name, version });
  const released = (await allReleases(git)).get(name) ?? [];
  const isHere = released.includes(version);
  const isRemote = remote !== undefined && (await isTagThere(git, remote, tag));
  if (!isHere && !isRemote) throw unknownTag(name, version, released);

  const before = (await git('rev-parse', 'HEAD')).trim();
  const older = released.find((one) => one !== version);
  if (stands === version && older !== undefined) {
    const message = `chore(release): ${name} back to ${older}\n\nTakes back ${tag}.`;
    await commitVersions(checkout, { [name]: older }, message);
  }
  try {
    const isMoved = lines(await git('rev-list', `${before}..HEAD`)).length > 0;
    if (remote !== undefined && (isRemote || isMoved))
      await pushTogether(git, remote, isRemote ? [`:refs/tags/${tag}`] : []);
  } catch (error) {
    await git('reset', '--quiet', '--keep', before);
    throw error;
  }
  if (isHere) await git('tag', '--delete', tag);
  return { tag, version: stands === version ? older : stands };
}

function unknownTag(name: string, version: string, released: readonly string[]): Permanent {
  const meant = nearestWord(version, released);
  const hint =
    released.length === 0
      ? `${name} has no release`
      : `did you mean ${meant ?? released[0]}? Released: ${released.slice(0, 5).join(', ')}`;
  return new Permanent('tag-unknown', `There is no tag ${tagOf({ name, version })}; ${hint}.`);
}
