import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Permanent } from '#shared/errors';
import { createGit, type Git, lines } from './git.ts';
import { readVersions, VERSIONS_PAGE, type Versions, withVersions } from './versions.ts';

/** A checkout of the project in which versions are moved. */
export interface Checkout {
  readonly root: string;
  readonly git: Git;
  /** What is written from `versions.yaml` is written anew: manifests, documents. */
  readonly regenerate: () => Promise<void>;
}

export function openCheckout(root: string, regenerate: () => Promise<void>): Checkout {
  return { root, git: createGit(root), regenerate };
}

/** @throws Permanent `versions-invalid`, `versions-missing` */
export async function versionsOf({ root }: Pick<Checkout, 'root'>): Promise<Versions> {
  return readVersions(await pageOf(root));
}

/** As the page stood at a commit; nothing where it was not there, or could not be read. */
export async function versionsAt(git: Git, commit: string): Promise<Versions | undefined> {
  try {
    return readVersions(await git('show', `${commit}:${VERSIONS_PAGE}`));
  } catch {
    return undefined;
  }
}

/** Writes other versions, and all that follows from them. */
export async function moveVersions(checkout: Checkout, changed: Versions): Promise<void> {
  const path = join(checkout.root, VERSIONS_PAGE);
  await writeFile(path, withVersions(await pageOf(checkout.root), changed));
  await checkout.regenerate();
}

/**
 * Commits moved versions; where that fails, the checkout is as it was.
 *
 * @throws Permanent `checkout-dirty`: what else is changed would be in the release
 */
export async function commitVersions(checkout: Checkout, changed: Versions, message: string): Promise<void> {
  const { git } = checkout;
  const before = lines(await git('status', '--porcelain', '--untracked-files=no'));
  if (before.length > 0) {
    throw new Permanent(
      'checkout-dirty',
      `There are changes that are not committed; commit them or put them away first:\n${before.join('\n')}`,
    );
  }
  try {
    await moveVersions(checkout, changed);
    await git('commit', '--quiet', '--all', '--message', message);
  } catch (error) {
    await git('checkout', '--quiet', 'HEAD', '--', '.');
    throw error;
  }
}

async function pageOf(root: string): Promise<string> {
  try {
    return await readFile(join(root, VERSIONS_PAGE), 'utf8');
  } catch (cause) {
    throw new Permanent('versions-missing', `${join(root, VERSIONS_PAGE)} cannot be read.`, { cause });
  }
}
