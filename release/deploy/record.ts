import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transient } from '#shared/errors';
import { type Checkout, versionsOf } from '../checkout.ts';
import type { Remote } from '../remote.ts';
import { VERSIONS_PAGE, withVersions } from '../versions.ts';
import { DIGESTS_PAGE, type Digests, readDigests, withDigest } from './digests.ts';

/** What Git says of a function: the version that is wanted, and what was pushed for it. */
export interface Wanted {
  readonly version: string;
  /** `version@digest`; nothing where none was ever pushed. */
  readonly digest: string | undefined;
}

const ATTEMPTS = 5;

/**
 * Changes what Git wants of one function, on the newest commit of the branch, and pushes it; others may push meanwhile.
 *
 * @param change answers nothing where the branch shall stay as it is
 * @returns what was wanted before, or nothing where nothing was changed
 * @throws Transient `branch-busy`
 */
export async function recordWanted(options: {
  checkout: Checkout;
  remote: Remote;
  name: string;
  message: string;
  change: (now: Wanted) => Wanted | undefined;
}): Promise<Wanted | undefined> {
  const { checkout, remote, name, message, change } = options;
  const { git, root } = checkout;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await toNewest(checkout, remote);
    const now = {
      version: (await versionsOf(checkout))[name] ?? '',
      digest: (await digestsOf(checkout))[name],
    };
    const wanted = change(now);
    if (wanted === undefined) return undefined;
    await rewrite(join(root, VERSIONS_PAGE), (text) => withVersions(text, { [name]: wanted.version }));
    await rewrite(join(root, DIGESTS_PAGE), (text) => withDigest(text, name, wanted.digest));
    await checkout.regenerate();
    await git('add', '--', VERSIONS_PAGE, DIGESTS_PAGE);
    await git('commit', '--quiet', '--all', '--allow-empty', '--message', message);
    const isPushed = await git('push', '--quiet', remote.name, `HEAD:refs/heads/${remote.branch}`).then(
      () => true,
      async (error: unknown) => {
        if (await isOvertaken(checkout, remote)) return false;
        throw error;
      },
    );
    if (isPushed) return now;
  }
  throw new Transient('branch-busy', `${remote.branch} moved on ${ATTEMPTS} times; run the job again.`);
}

/** The checkout of a runner: what it holds beside the branch is nobody's. */
export async function toNewest({ git }: Checkout, { name, branch }: Remote): Promise<string> {
  await git('fetch', '--quiet', name, `+refs/heads/${branch}:refs/remotes/${name}/${branch}`);
  await git('checkout', '--quiet', '--force', '-B', branch, `refs/remotes/${name}/${branch}`);
  return (await git('rev-parse', 'HEAD')).trim();
}

export const digestsOf = async ({ root }: Pick<Checkout, 'root'>): Promise<Digests> =>
  readDigests(await readFile(join(root, DIGESTS_PAGE), 'utf8').catch(() => ''));

async function isOvertaken({ git }: Checkout, { name, branch }: Remote): Promise<boolean> {
  const before = await git('rev-parse', `refs/remotes/${name}/${branch}`);
  await git('fetch', '--quiet', name, `+refs/heads/${branch}:refs/remotes/${name}/${branch}`);
  return (await git('rev-parse', `refs/remotes/${name}/${branch}`)) !== before;
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8').catch(() => '')));
}
