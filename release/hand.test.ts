import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveVersions } from './checkout.ts';
import { type Remote, remoteOf } from './remote.ts';
import { tagFunction } from './tag-function.ts';
import { tagNewVersions } from './tag-new-versions.ts';
import { createRepository, type Repository } from './testing/repository.ts';
import { untagFunction } from './untag-function.ts';

let repository: Repository;
let remote: Remote;

beforeEach(async () => {
  repository = await createRepository();
  await repository.git('push', '--quiet', 'origin', 'main');
  remote = await remoteOf(repository.git, 'origin');
});

afterEach(() => repository.remove());

const tag = (name: string, version: string) =>
  tagFunction({ checkout: repository.checkout, name, version, remote });
const untag = (name: string, version: string) =>
  untagFunction({ checkout: repository.checkout, name, version, remote });
const state = async () => [
  await repository.git('for-each-ref'),
  await repository.git('status', '--porcelain'),
  await repository.remoteTags(),
  await repository.read('versions.yaml'),
];

describe('npm run tag', () => {
  it('moves the version, commits what follows from it, tags that commit and pushes both', async () => {
    expect(await tag('beta', 'v0.2.0')).toBe('beta@v0.2.0');
    expect(await repository.read('versions.yaml')).toContain('\nbeta: 0.2.0 # the second\n');
    expect(await repository.read('deployed.txt')).toContain('beta: 0.2.0');
    expect(await repository.git('log', '-1', '--format=%s %D')).toContain('chore(release): beta 0.2.0');
    expect(await repository.git('status', '--porcelain')).toBe('');
    expect(await repository.remoteTags()).toEqual(['beta@v0.2.0']);
    const [there, here] = await Promise.all(
      ['origin/main', 'beta@v0.2.0^{commit}'].map((name) => repository.git('rev-parse', name)),
    );
    expect(there).toBe(here);
  });

  it('tags the version that stands in the page without a commit', async () => {
    const before = await repository.git('rev-parse', 'HEAD');
    await tag('alpha', '0.1.0');
    expect(await repository.git('rev-parse', 'HEAD')).toBe(before);
    expect(await repository.remoteTags()).toEqual(['alpha@v0.1.0']);
  });

  it.each([
    ['alhpa', '0.2.0', 'did you mean "alpha"?'],
    ['toString', '0.2.0', 'names no function "toString"'],
    ['--force', '0.2.0', 'names no function'],
    ['alpha', '1.2', '"1.2" is no version'],
    ['alpha', '01.2.3', 'no version'],
    ['alpha', '0.0.9', 'older'],
    ['alpha', '0.1.0', 'alpha@v0.1.0 exists already'],
  ])('refuses %s %s and changes nothing', async (name, version, reason) => {
    await tag('alpha', '0.1.0');
    const before = await state();
    await expect(tag(name, version)).rejects.toThrow(reason);
    expect(await state()).toEqual(before);
  });

  it('refuses a tag that only the remote has', async () => {
    await tag('alpha', '0.2.0');
    await repository.git('tag', '--delete', 'alpha@v0.2.0');
    await expect(tag('alpha', '0.2.0')).rejects.toMatchObject({ code: 'tag-exists' });
  });

  it('refuses to take along what is not committed', async () => {
    await writeFile(join(repository.root, 'docs/page.md'), 'half');
    await expect(tag('alpha', '0.2.0')).rejects.toThrow('docs/page.md');
    expect(await repository.read('docs/page.md')).toBe('half');
    expect(await repository.git('tag', '--list')).toBe('');
  });

  it('leaves everything as it was where the remote refuses', async () => {
    await repository.commit('fix: somebody else', { 'docs/page.md': 'theirs\n' });
    await repository.git('push', '--quiet', 'origin', 'main');
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    const before = await repository.git('rev-parse', 'HEAD');
    await expect(tag('alpha', '0.2.0')).rejects.toMatchObject({ code: 'git-failed' });
    expect(await repository.git('rev-parse', 'HEAD')).toBe(before);
    expect(await repository.git('tag', '--list')).toBe('');
    expect(await repository.git('status', '--porcelain')).toBe('');
    expect(await repository.remoteTags()).toEqual([]);
  });

  it('leaves everything as it was where what follows from versions.yaml cannot be written', async () => {
    const checkout = { ...repository.checkout, regenerate: () => Promise.reject(new Error('disk full')) };
    const before = await state();
    await expect(tagFunction({ checkout, name: 'alpha', version: '0.2.0', remote })).rejects.toThrow(
      'disk full',
    );
    expect(await state()).toEqual(before);
  });

  it('refuses where no branch is checked out', async () => {
    await repository.git('switch', '--quiet', '--detach', 'HEAD');
    await expect(remoteOf(repository.git, 'origin')).rejects.toMatchObject({ code: 'head-detached' });
  });
});

describe('npm run untag', () => {
  it('removes the tag here and there and goes back to the release before', async () => {
    await tag('alpha', '0.1.0');
    await tag('alpha', '0.2.0');
    expect(await untag('alpha', '0.2.0')).toEqual({ tag: 'alpha@v0.2.0', version: '0.1.0' });
    expect(await repository.remoteTags()).toEqual(['alpha@v0.1.0']);
    expect(await repository.git('tag', '--list')).toBe('alpha@v0.1.0\n');
    expect(await repository.git('show', 'origin/main:versions.yaml')).toContain('alpha: 0.1.0');
  });

  it('deploys the release before again', async () => {
    await tag('alpha', '0.1.0');
    await tag('alpha', '0.2.0');
    const before = (await repository.git('rev-parse', 'HEAD')).trim();
    await untag('alpha', '0.2.0');
    const { again } = await tagNewVersions({ checkout: repository.checkout, before, remote: 'origin' });
    expect(again).toEqual(['alpha@v0.1.0']);
  });

  it('leaves the page alone where it names another version, or there is no older release', async () => {
    await tag('alpha', '0.1.0');
    await tag('alpha', '0.2.0');
    expect(await untag('alpha', '0.1.0')).toEqual({ tag: 'alpha@v0.1.0', version: '0.2.0' });
    expect(await untag('alpha', '0.2.0')).toEqual({ tag: 'alpha@v0.2.0', version: undefined });
    expect(await repository.read('versions.yaml')).toContain('alpha: 0.2.0');
    expect(await repository.remoteTags()).toEqual([]);
  });

  it.each([
    ['alpha', '0.1.1', 'did you mean 0.1.0?'],
    ['beta', '0.1.0', 'beta has no release'],
    ['bta', '0.1.0', 'did you mean "beta"?'],
  ])('refuses %s %s and changes nothing', async (name, version, reason) => {
    await tag('alpha', '0.1.0');
    const before = await state();
    await expect(untag(name, version)).rejects.toThrow(reason);
    expect(await state()).toEqual(before);
  });
});

describe('the coordinator', () => {
  const coordinate = (before?: string) =>
    tagNewVersions({ checkout: repository.checkout, remote: 'origin', ...(before && { before }) });

  it('tags every function the first time, and nothing the second time', async () => {
    expect((await coordinate()).tagged).toEqual([
      'alpha@v0.1.0',
      'beta@v0.1.0',
      'gamma@v0.1.0',
      'delta@v0.1.0',
      'platform@v0.1.0',
    ]);
    expect(await repository.remoteTags()).toHaveLength(5);
    expect(await coordinate()).toEqual({ tagged: [], again: [] });
  });

  it('tags the commit that brought the version, not what was merged after it', async () => {
    await coordinate();
    await moveVersions(repository.checkout, { alpha: '0.1.1' });
    const release = await repository.commit('chore(release): alpha 0.1.1', {});
    await repository.commit('feat: after it', { 'functions/video/alpha/more.ts': 'export {};\n' });
    expect((await coordinate()).tagged).toEqual(['alpha@v0.1.1']);
    expect((await repository.git('rev-parse', 'alpha@v0.1.1^{commit}')).trim()).toBe(release);
    expect(await repository.bumped()).toEqual({ alpha: '0.2.0' });
  });

  it('what was tagged by hand is not deployed a second time', async () => {
    await coordinate();
    const before = (await repository.git('rev-parse', 'HEAD')).trim();
    await tag('alpha', '0.2.0');
    expect(await coordinate(before)).toEqual({ tagged: [], again: [] });
  });

  it('keeps no tag that it could not push', async () => {
    await repository.git('remote', 'set-url', 'origin', join(repository.root, 'nowhere'));
    await expect(coordinate()).rejects.toMatchObject({ code: 'git-failed' });
    expect(await repository.git('tag', '--list')).toBe('');
  });

  it.each(['alpha: [', 'alpha: 1', 'alpha: one.two\n', '- alpha'])(
    'says what is wrong with %s',
    async (text) => {
      await writeFile(join(repository.root, 'versions.yaml'), text);
      await expect(coordinate()).rejects.toMatchObject({ code: 'versions-invalid' });
    },
  );
});
