import { readMessage, type Said } from './conventional.ts';
import { type Git, lines } from './git.ts';

/** A commit since a release, and the files that it changed. */
export interface Commit extends Said {
  readonly hash: string;
  /** The commit before it; nothing for the first of all. */
  readonly parent: string | undefined;
  /** With slashes, from the root; of a moved file both names. Of a merge: what was changed in merging. */
  readonly files: readonly string[];
}

const FORMAT = '%H%n%P%n%B';

/** The commits that `to` has and none of `from` has, the oldest first. */
export async function commitsBetween(
  git: Git,
  { from, to }: { from: readonly string[]; to: string },
): Promise<readonly Commit[]> {
  const range = [to, ...from.map((one) => `^${one}`)];
  const said = await git('log', '-z', '--topo-order', '--reverse', `--format=${FORMAT}`, ...range, '--');
  const commits = said
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const [hash = '', parents = '', ...message] = record.split('\n');
      return { hash, parent: parents.split(' ')[0] || undefined, message: message.join('\n') };
    });
  return Promise.all(
    commits.map(async ({ hash, parent, message }) => ({
      hash,
      parent,
      ...readMessage(message),
      files: await filesOf(git, hash),
    })),
  );
}

/** The hashes of the commits that `to` has and `from` has not. */
export async function hashesBetween(
  git: Git,
  { from, to }: { from: string; to: string },
): Promise<ReadonlySet<string>> {
  return new Set(lines(await git('rev-list', to, `^${from}`, '--')));
}

async function filesOf(git: Git, hash: string): Promise<readonly string[]> {
  const words = ['-r', '-c', '-z', '--root', '--no-renames', '--no-commit-id', '--name-only'];
  return (await git('diff-tree', ...words, hash)).split('\0').filter((path) => path !== '');
}

/**
 * Leaves out what was taken back within the range: neither the commit nor its revert changes anything. A revert that
 * was itself taken back takes nothing back.
 */
export function withoutReverted(commits: readonly Commit[]): readonly Commit[] {
  const gone = new Set<string>();
  for (const { hash, reverts } of commits.toReversed()) {
    if (gone.has(hash)) continue;
    const taken = reverts.map((text) => commits.find((one) => one.hash.startsWith(text))?.hash);
    // Of something that was released before: this is a change of its own.
    if (taken.length === 0 || taken.includes(undefined)) continue;
    for (const one of [hash, ...taken]) if (one !== undefined) gone.add(one);
  }
  return commits.filter(({ hash }) => !gone.has(hash));
}
