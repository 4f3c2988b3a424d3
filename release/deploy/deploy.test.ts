import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Permanent } from '#shared/errors';
import { createGit } from '../git.ts';
import { remoteOf } from '../remote.ts';
import { tagNewVersions } from '../tag-new-versions.ts';
import { createRepository, functions, type Repository } from '../testing/repository.ts';
import type { Cluster } from './cluster.ts';
import { promote } from './promote.ts';
import { rollOut } from './roll-out.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const patience = { everyMs: 1, limitMs: 5 };
const { signal } = new AbortController();
const profiles = { cpu: { run: 'service' } } as never;
const topology = { functions: functions.map((one) => ({ ...one, profile: 'cpu' })) as never, profiles };

let repository: Repository;

beforeEach(async () => {
  repository = await createRepository();
  await repository.commit('chore: nothing was pushed yet', {
    'digests.yaml': '# Of each image, what was pushed.\n',
  });
  await tagNewVersions({ checkout: repository.checkout });
  await repository.git('push', '--quiet', 'origin', 'main');
});

afterEach(() => repository.remove());

/** What Argo CD keeps: it runs what the branch of the remote says; some images never get ready, some do not answer. */
function cluster(
  branch: string,
  bad: { unready?: string; silent?: string } = {},
): Cluster & { smoked: string[] } {
  const smoked: string[] = [];
  return {
    smoked,
    look: async ({ name }) => {
      const page = await at(branch, 'digests.yaml');
      const image = page.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1];
      const isReady = image !== undefined && !image.endsWith(bad.unready ?? 'none');
      return {
        image: image && `registry.example/${name}:${image}`,
        isReady,
        why: 'RevisionFailed: exit code 1',
      };
    },
    smoke: async ({ name }) => {
      const page = await at(branch, 'digests.yaml');
      if (bad.silent !== undefined && page.includes(`${bad.silent}\n`))
        throw new Permanent('smoke-failed', `${name}: 503 ledger unreachable`);
      smoked.push(name);
    },
  };
}

async function at(branch: string, path: string): Promise<string> {
  await repository.git('fetch', '--quiet', 'origin');
  return repository.git('show', `refs/remotes/origin/${branch}:${path}`).catch(() => '');
}

const roll = async (name: string, letter: string, options: { version?: string; cluster?: Cluster } = {}) =>
  rollOut({
    checkout: repository.checkout,
    remote: await remoteOf(repository.git, 'origin'),
    cluster: options.cluster ?? cluster('main'),
    target: { name, run: 'service', namespace: 'staging' },
    version: options.version ?? '0.1.0',
    digest: digest(letter),
    patience,
    signal,
  });

describe('a roll-out to staging', () => {
  it('writes what was pushed to Git, waits for the cluster, and asks it', async () => {
    const staging = cluster('main');
    expect(await roll('alpha', 'a', { cluster: staging })).toBe('rolled-out');
    expect(await at('main', 'digests.yaml')).toBe(
      `# Of each image, what was pushed.\nalpha: 0.1.0@${digest('a')}\n`,
    );
    expect(staging.smoked).toEqual(['alpha']);
  });

  it('done again it changes nothing and asks again', async () => {
    await roll('alpha', 'a');
    const before = await repository.git('rev-parse', 'origin/main');
    expect(await roll('alpha', 'a')).toBe('rolled-out');
    expect(await repository.git('rev-parse', 'origin/main')).toBe(before);
  });

  it.each([
    ['does not get ready', { unready: digest('b') }, 'RevisionFailed: exit code 1'],
    ['does not answer', { silent: digest('b') }, '503 ledger unreachable'],
  ])('goes back to the release before where the new one %s', async (_, bad, reason) => {
    await roll('alpha', 'a');
    await repository.git('pull', '--quiet', '--ff-only');
    const page = (await repository.read('versions.yaml')).replace('alpha: 0.1.0', 'alpha: 0.1.1');
    await repository.commit('chore(release): alpha 0.1.1', { 'versions.yaml': page });
    await repository.git('push', '--quiet', 'origin', 'main');

    const rolled = roll('alpha', 'b', { version: '0.1.1', cluster: cluster('main', bad) });
    await expect(rolled).rejects.toMatchObject({ code: 'rolled-back' });
    await expect(rolled).rejects.toThrow(reason);
    expect(await at('main', 'versions.yaml')).toContain('alpha: 0.1.0');
    expect(await at('main', 'deployed.txt')).toContain('alpha: 0.1.0');
    expect(await at('main', 'digests.yaml')).toContain(`alpha: 0.1.0@${digest('a')}`);
    expect(await repository.git('log', '-1', '--format=%s', 'origin/main')).toBe(
      'chore(release): roll alpha back to 0.1.0\n',
    );
  });

  it('leaves a newer version that was merged meanwhile, though its own release fails', async () => {
    await roll('alpha', 'a');
    const bad = cluster('main', { unready: digest('b') });
    const meanwhile = async () => {
      await repository.git('pull', '--quiet', '--ff-only');
      const page = (await repository.read('versions.yaml')).replace('alpha: 0.1.0', 'alpha: 0.1.1');
      await repository.commit('chore(release): alpha 0.1.1', { 'versions.yaml': page });
      await repository.git('push', '--quiet', 'origin', 'main');
    };
    let looks = 0;
    const busy: Cluster = {
      ...bad,
      look: async (target) => {
        looks += 1;
        if (looks === 1) await meanwhile();
        return bad.look(target);
      },
    };
    await expect(roll('alpha', 'b', { cluster: busy })).rejects.toMatchObject({ code: 'not-rolled-out' });
    expect(await at('main', 'versions.yaml')).toContain('alpha: 0.1.1');
  });

  it('says that a first release that fails has nothing to go back to', async () => {
    const rolled = roll('alpha', 'a', { cluster: cluster('main', { unready: digest('a') }) });
    await expect(rolled).rejects.toMatchObject({ code: 'not-rolled-out' });
  });

  it('leaves alone what the branch wants in another version by now', async () => {
    const before = await at('main', 'digests.yaml');
    expect(await roll('alpha', 'a', { version: '0.0.9' })).toBe('superseded');
    expect(await at('main', 'digests.yaml')).toBe(before);
  });

  it('is repeated on what somebody else pushed meanwhile', async () => {
    const other = createGit(repository.root.replace(/work$/, ''));
    await other('clone', '--quiet', 'remote.git', 'other');
    const theirs = createGit(repository.root.replace(/work$/, 'other'));
    await theirs('config', 'user.name', 'Other');
    await theirs('config', 'user.email', 'other@example.invalid');
    let pushes = 0;
    const checkout = {
      ...repository.checkout,
      regenerate: async () => {
        pushes += 1;
        if (pushes > 2) return;
        await theirs('commit', '--quiet', '--allow-empty', '--message', `fix: theirs ${pushes}`);
        await theirs('push', '--quiet', 'origin', 'HEAD:main');
      },
    };
    const remote = await remoteOf(repository.git, 'origin');
    const target = { name: 'alpha', run: 'service', namespace: 'staging' } as const;
    const asked = {
      remote,
      cluster: cluster('main'),
      target,
      version: '0.1.0',
      digest: digest('a'),
      patience,
    };
    expect(await rollOut({ checkout, ...asked, signal })).toBe('rolled-out');
    const log = await repository.git('log', '-3', '--format=%s', 'origin/main');
    expect(log).toBe('chore(release): deploy alpha 0.1.0\nfix: theirs 2\nfix: theirs 1\n');
  });
});

describe('a function and the platform of the same merge', () => {
  const platform = { name: 'platform', run: 'platform', namespace: 'staging' } as const;
  const rollWith = async (there: Cluster) =>
    rollOut({
      checkout: repository.checkout,
      remote: await remoteOf(repository.git, 'origin'),
      cluster: there,
      target: { name: 'alpha', run: 'service', namespace: 'staging' },
      version: '0.1.0',
      digest: digest('a'),
      patience,
      after: { target: platform, patience },
      signal,
    });

  it('the function waits, and changes nothing, while the image of the platform is not pushed', async () => {
    const before = await at('main', 'digests.yaml');
    await expect(rollWith(cluster('main'))).rejects.toMatchObject({ code: 'platform-not-ready' });
    await expect(rollWith(cluster('main'))).rejects.toThrow('the image of 0.1.0 is not pushed yet');
    expect(await at('main', 'digests.yaml')).toBe(before);
  });

  it('the function waits while the migration of the platform has not ended', async () => {
    await roll('platform', 'p');
    const busy = cluster('main', { unready: digest('p') });
    await expect(rollWith(busy)).rejects.toThrow('RevisionFailed: exit code 1');
  });

  it('the function follows once the platform is there', async () => {
    await roll('platform', 'p');
    expect(await rollWith(cluster('main'))).toBe('rolled-out');
  });
});

describe('from staging to production', () => {
  const move = (staging: Cluster, production: Cluster) =>
    promote({
      checkout: repository.checkout,
      remote: 'origin',
      topology,
      staging: { namespace: 'staging', cluster: staging, branch: 'main' },
      production: { namespace: 'production', cluster: production, branch: 'production' },
      patience,
      signal,
    });

  beforeEach(async () => {
    const names = [...functions.map(({ name }) => name), 'platform'];
    const page = names.map((name) => `${name}: 0.1.0@${digest('0')}\n`).toSorted();
    await repository.commit('chore: all were pushed', { 'digests.yaml': page.join('') });
    await repository.git('push', '--quiet', 'origin', 'main');
    await move(cluster('main'), cluster('production'));
  });

  it('moves the branch of production to what staging runs, and asks what is new there', async () => {
    await roll('alpha', 'a');
    expect(await move(cluster('main'), cluster('production'))).toEqual(['alpha']);
    await roll('beta', 'b');
    const production = cluster('production');
    expect(await move(cluster('main'), production)).toEqual(['beta']);
    expect(production.smoked).toEqual(['beta']);
    expect(await at('production', 'digests.yaml')).toBe(await at('main', 'digests.yaml'));
  });

  it('asks the platform before the functions that came with it', async () => {
    await roll('alpha', 'a');
    await roll('platform', 'b');
    const production = cluster('production');
    expect(await move(cluster('main'), production)).toEqual(['platform', 'alpha']);
    expect(production.smoked).toEqual(['platform', 'alpha']);
  });

  it('is not held up by what is no longer released', async () => {
    const page = await at('main', 'digests.yaml');
    await repository.git('pull', '--quiet', '--ff-only');
    await repository.commit('chore: epsilon is gone', {
      'digests.yaml': `epsilon: 0.1.0@${digest('e')}\n${page}`,
    });
    await repository.git('push', '--quiet', 'origin', 'main');
    const gone = cluster('main', { unready: digest('e') });
    expect(await move(gone, cluster('production'))).toEqual([]);
  });

  it('waits while an image is not pushed yet', async () => {
    const page = (await repository.read('versions.yaml')).replace('beta: 0.1.0', 'beta: 0.1.1');
    await repository.commit('chore(release): beta 0.1.1', { 'versions.yaml': page });
    await repository.git('push', '--quiet', 'origin', 'main');
    await expect(move(cluster('main'), cluster('production'))).rejects.toThrow('not pushed yet: beta 0.1.1');
  });

  it('waits while another function is not whole in staging', async () => {
    await roll('alpha', 'a');
    await move(cluster('main'), cluster('production'));
    await roll('beta', 'b');
    const half = cluster('main', { unready: digest('b') });
    await expect(move(half, cluster('production'))).rejects.toMatchObject({ code: 'staging-not-whole' });
    expect(await at('production', 'digests.yaml')).not.toContain(digest('b'));
  });

  it('goes back where production does not answer', async () => {
    await roll('alpha', 'a');
    await move(cluster('main'), cluster('production'));
    const before = await repository.git('rev-parse', 'origin/production');
    await roll('beta', 'b');
    const bad = cluster('production', { silent: digest('b') });
    await expect(move(cluster('main'), bad)).rejects.toMatchObject({ code: 'rolled-back' });
    await repository.git('fetch', '--quiet', 'origin');
    expect(await repository.git('rev-parse', 'origin/production')).toBe(before);
  });
});
