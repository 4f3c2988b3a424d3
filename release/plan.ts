import { gt, inc } from 'semver';
import type { Affected } from './affected/index.ts';
import { type Level, larger } from './conventional.ts';
import type { Git } from './git.ts';
import { type Commit, commitsBetween, hashesBetween, withoutReverted } from './history.ts';
import { releasesIn, tagOf } from './tags.ts';
import type { Versions } from './versions.ts';

/** A function that must be released anew. */
export interface Bump {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly level: Level;
  /** The commits that ask for it, the oldest first. */
  readonly commits: readonly Commit[];
}

export interface Plan {
  readonly bumps: readonly Bump[];
  /** Functions without any tag: their first release is the version that stands in the page. */
  readonly first: readonly string[];
  /** Commits that changed functions and do not say how: they move no version. */
  readonly silent: readonly { readonly commit: Commit; readonly functions: readonly string[] }[];
}

/**
 * What must be released since the last tag of each function. Asked twice it answers the same: versions follow from
 * tags and commits, and a page that already names them is not moved again.
 *
 * @param affected whose images a commit changes
 */
export async function planBumps(options: {
  git: Git;
  versions: Versions;
  affected: Affected;
  /** Defaults to the one that is checked out. */
  commit?: string;
}): Promise<Plan> {
  const { git, versions, affected, commit = 'HEAD' } = options;
  const releases = await releasesIn(git, commit);
  const last = new Map(
    Object.keys(versions).flatMap((name) => {
      const version = releases.get(name)?.[0];
      return version === undefined ? [] : [[name, version] as const];
    }),
  );
  const first = Object.keys(versions).filter((name) => !last.has(name));
  if (last.size === 0) return { bumps: [], first, silent: [] };

  const commits = await commitsSince(git, commit, last);
  const changed = new Map<string, readonly string[]>();
  for (const one of commits) changed.set(one.hash, await affected.of(one));

  const ranges = new Map<string, ReadonlySet<string>>();
  const bumps: Bump[] = [];
  const silent = new Map<Commit, string[]>();
  for (const [name, version] of last) {
    const tag = await commitOf(git, tagOf({ name, version }));
    const range = ranges.get(tag) ?? (await hashesBetween(git, { from: tag, to: commit }));
    ranges.set(tag, range);
    const since = withoutReverted(commits.filter(({ hash }) => range.has(hash)));
    const mine = since.filter(({ hash }) => changed.get(hash)?.includes(name));
    for (const one of mine.filter(({ isConventional }) => !isConventional))
      silent.set(one, [...(silent.get(one) ?? []), name]);
    const asking = mine.filter(({ level }) => level !== undefined);
    const level = asking.reduce<Level | undefined>(
      (sofar, { level: own }) => (own === undefined ? sofar : larger(sofar, own)),
      undefined,
    );
    const from = versions[name] ?? version;
    const to = level === undefined ? undefined : inc(version, level);
    if (level !== undefined && to && gt(to, from)) bumps.push({ name, from, to, level, commits: asking });
  }
  return { bumps, first, silent: [...silent].map(([one, functions]) => ({ commit: one, functions })) };
}

/** All commits since the oldest of the last tags. */
async function commitsSince(
  git: Git,
  to: string,
  last: ReadonlyMap<string, string>,
): Promise<readonly Commit[]> {
  const tags = await Promise.all([...last].map(([name, version]) => commitOf(git, tagOf({ name, version }))));
  const base = (await git('merge-base', '--octopus', to, ...new Set(tags))).trim();
  return commitsBetween(git, { from: [base], to });
}

const commitOf = async (git: Git, tag: string) =>
  (await git('rev-parse', '--verify', `refs/tags/${tag}^{commit}`)).trim();
