import { Permanent } from '#shared/errors';
import { type Git, lines } from './git.ts';

/** Where tags and commits are pushed to. */
export interface Remote {
  readonly name: string;
  /** The branch that is checked out. */
  readonly branch: string;
}

/** @throws Permanent `head-detached` */
export async function remoteOf(git: Git, name: string): Promise<Remote> {
  const branch = (await git('symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => '')).trim();
  if (branch !== '') return { name, branch };
  throw new Permanent('head-detached', 'No branch is checked out; check one out first: git switch main.');
}

export async function isTagThere(git: Git, remote: Remote, tag: string): Promise<boolean> {
  return lines(await git('ls-remote', '--tags', remote.name, `refs/tags/${tag}`)).length > 0;
}

/** All of it arrives, or nothing. @param references such as `refs/tags/a`, or `:refs/tags/a` to remove one */
export async function pushTogether(git: Git, remote: Remote, references: readonly string[]): Promise<void> {
  await git('push', '--quiet', '--atomic', remote.name, `HEAD:refs/heads/${remote.branch}`, ...references);
}
