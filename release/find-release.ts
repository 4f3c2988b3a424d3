import { Permanent } from '#shared/errors';
import type { Topology } from '#shared/topology';
import { versionsAt } from './checkout.ts';
import type { Git } from './git.ts';
import { platformFolders, type Run, runOf } from './platform.ts';
import { type Release, readTag, tagOf } from './tags.ts';
import { versionOf } from './versions.ts';

/** What a tag asks the pipeline to build and to deploy. */
export interface FoundRelease extends Release {
  readonly tag: string;
  readonly commit: string;
  readonly run: Run;
  /** Folders whose tests it must pass. */
  readonly folders: readonly string[];
}

/**
 * Reads the tag that started the pipeline.
 *
 * @param branch only what is merged there is released, such as `origin/main`
 * @throws Permanent `tag-invalid`, `tag-unknown`, `tag-not-merged`, `function-unknown`, `version-differs`
 */
export async function findRelease(options: {
  git: Git;
  topology: Topology;
  tag: string;
  branch: string;
}): Promise<FoundRelease> {
  const { git, topology, tag, branch } = options;
  const release = readTag(tag.replace(/^refs\/tags\//, ''));
  if (release === undefined)
    throw new Permanent('tag-invalid', `"${tag}" is no tag of a function, such as render-tts@v1.2.0.`);
  const { name, version } = release;
  const commit = (
    await git('rev-parse', '--verify', '--quiet', `refs/tags/${tagOf(release)}^{commit}`).catch(() => '')
  ).trim();
  if (commit === '')
    throw new Permanent('tag-unknown', `There is no tag ${tagOf(release)} in this checkout.`);
  const isMerged = await git('merge-base', '--is-ancestor', commit, branch).then(
    () => true,
    () => false,
  );
  if (!isMerged)
    throw new Permanent(
      'tag-not-merged',
      `${tagOf(release)} stands on ${commit}, which is not in ${branch}.`,
    );
  const there = versionOf((await versionsAt(git, commit)) ?? {}, name);
  if (there !== version) {
    throw new Permanent(
      'version-differs',
      `${tagOf(release)} stands on a commit whose versions.yaml says ${there}; release with: npm run tag -- ${name} ${version}`,
    );
  }
  const run = runOf(topology, name);
  if (run === undefined)
    throw new Permanent('function-unknown', `events.yaml has no function "${name}" any more.`);
  const areas = topology.functions.filter((each) => each.name === name).map(({ area }) => area);
  const folders =
    run === 'platform' ? platformFolders(topology).own : areas.map((area) => `functions/${area}/${name}/`);
  return { name, version, tag: tagOf(release), commit, run, folders };
}
