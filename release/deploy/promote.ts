import { Permanent } from '#shared/errors';
import type { Topology } from '#shared/topology';
import { PLATFORM } from '../../images/target.ts';
import { type Checkout, versionsOf } from '../checkout.ts';
import { runOf } from '../platform.ts';
import type { Versions } from '../versions.ts';
import { awaitReady } from './await-ready.ts';
import type { Cluster, Target } from './cluster.ts';
import { DIGESTS_PAGE, type Digests, digestOf, readDigests } from './digests.ts';
import { lookUntil, type Patience } from './look-until.ts';
import { digestsOf, toNewest } from './record.ts';

/** An environment, and the branch of this repository that it follows. */
export interface Environment {
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly branch: string;
}

/**
 * Moves production on to the newest commit of staging, once staging runs all that this commit wants, the platform too, and
 * each function has passed its smoke test there. Where production then fails, its branch goes back to where it was.
 *
 * @returns names of what is new in production, the platform first
 * @throws Permanent `staging-not-whole`, `rolled-back`
 */
export async function promote(options: {
  checkout: Checkout;
  remote: string;
  topology: Pick<Topology, 'functions' | 'profiles'>;
  staging: Environment;
  production: Environment;
  patience: Patience;
  signal: AbortSignal;
}): Promise<readonly string[]> {
  const { checkout, remote, topology, production, patience, signal } = options;
  const { git } = checkout;
  const target = (name: string, { namespace }: Environment): Target => ({
    name,
    namespace,
    run: runOf(topology, name) ?? 'service',
  });
  const { commit, wanted } = await wholeStaging(options, target);

  const reference = `refs/remotes/${remote}/${production.branch}`;
  const before = await fetchBranch(git, remote, production.branch);
  const stands = before === undefined ? {} : await digestsAt(checkout, reference);
  const changed = Object.entries(wanted)
    .filter(([name, entry]) => stands[name] !== entry)
    // Functions answer once its migration is over.
    .toSorted(([one], [other]) => Number(other === PLATFORM) - Number(one === PLATFORM));
  await git('push', '--quiet', remote, `${commit}:refs/heads/${production.branch}`);
  try {
    for (const [name, entry] of changed) {
      const there = target(name, production);
      await awaitReady({
        cluster: production.cluster,
        target: there,
        digest: digestOf(entry),
        patience,
        signal,
      });
      await production.cluster.smoke(there);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (before === undefined) throw new Permanent('not-rolled-out', reason, { cause });
    // Only from where it was moved to here: what somebody else has done meanwhile stays.
    const lease = `--force-with-lease=refs/heads/${production.branch}:${commit}`;
    await git('push', '--quiet', lease, remote, `${before}:refs/heads/${production.branch}`);
    throw new Permanent('rolled-back', `${production.branch} is back at ${before}: ${reason}`, { cause });
  }
  return changed.map(([name]) => name);
}

type Options = Parameters<typeof promote>[0];

/** Other roll-outs may be under way: the newest commit is taken whose functions all run and answer. */
async function wholeStaging(
  { checkout, remote, staging, patience, signal }: Options,
  targetOf: (name: string, environment: Environment) => Target,
): Promise<{ commit: string; wanted: Digests }> {
  const passed = new Set<string>();
  let whole: { commit: string; wanted: Digests } = { commit: '', wanted: {} };
  const missing = async (): Promise<string> => {
    const commit = await toNewest(checkout, { name: remote, branch: staging.branch });
    const versions = await versionsOf(checkout);
    const pushed = await digestsOf(checkout);
    // What is no longer released is no longer there.
    const wanted = Object.fromEntries(Object.entries(pushed).filter(([name]) => name in versions));
    whole = { commit, wanted };
    let first = notPushed(versions, wanted);
    for (const [name, entry] of Object.entries(wanted)) {
      if (passed.has(`${name} ${entry}`)) continue;
      const target = targetOf(name, staging);
      try {
        const at = { cluster: staging.cluster, target, digest: digestOf(entry), signal };
        await awaitReady({ ...at, patience: { everyMs: 1, limitMs: 1 } });
        await staging.cluster.smoke(target);
        passed.add(`${name} ${entry}`);
      } catch (error) {
        first ||= error instanceof Error ? error.message : String(error);
      }
    }
    return first;
  };
  const last = await lookUntil({ patience, signal, missing });
  if (last === '') return whole;
  throw new Permanent('staging-not-whole', `${staging.branch} is not promoted: ${last}`);
}

/** Versions whose image is still being built: a cluster would ask for it in vain. */
function notPushed(versions: Versions, digests: Digests): string {
  const open = Object.entries(versions).filter(
    ([name, version]) => !digests[name]?.startsWith(`${version}@`),
  );
  return open.length === 0 ? '' : `not pushed yet: ${open.map((release) => release.join(' ')).join(', ')}`;
}

/** @returns the commit; nothing where there is no such branch */
async function fetchBranch(
  git: Checkout['git'],
  remote: string,
  branch: string,
): Promise<string | undefined> {
  const there = await git('ls-remote', remote, `refs/heads/${branch}`);
  if (there === '') return undefined;
  await git('fetch', '--quiet', remote, `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`);
  return there.split('\t')[0];
}

const digestsAt = async ({ git }: Checkout, commit: string): Promise<Digests> =>
  readDigests(await git('show', `${commit}:${DIGESTS_PAGE}`).catch(() => ''));
