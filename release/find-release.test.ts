import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRelease } from './find-release.ts';
import { tagNewVersions } from './tag-new-versions.ts';
import { createRepository, functions, type Repository } from './testing/repository.ts';

const topology = {
  functions: functions.filter(({ name }) => name !== 'delta').map((one) => ({ ...one, profile: 'cpu' })),
  profiles: { cpu: { run: 'service' } },
  commands: [{ area: 'social', name: 'greet' }],
} as never;

let repository: Repository;

beforeAll(async () => {
  repository = await createRepository();
  await tagNewVersions({ checkout: repository.checkout });
  await repository.git('tag', 'alpha@v0.9.0');
  await repository.git('tag', 'v1.0.0');
  await repository.git('tag', 'omega@v0.1.0');
  await repository.git('switch', '--quiet', '--create', 'aside');
  await repository.commit('fix: aside', { 'docs/page.md': 'aside\n' });
  await repository.git('tag', 'beta@v0.2.0');
  await repository.git('switch', '--quiet', 'main');
});

afterAll(() => repository.remove());

const find = (tag: string) => findRelease({ git: repository.git, topology, tag, branch: 'main' });

describe('what a tag asks for', () => {
  it.each(['alpha@v0.1.0', 'refs/tags/alpha@v0.1.0'])('%s', async (tag) => {
    expect(await find(tag)).toEqual({
      name: 'alpha',
      version: '0.1.0',
      tag: 'alpha@v0.1.0',
      commit: (await repository.git('rev-parse', 'main')).trim(),
      run: 'service',
      folders: ['functions/video/alpha/'],
    });
  });

  it('platform@v0.1.0: the platform, with the tests of its commands', async () => {
    expect(await find('platform@v0.1.0')).toMatchObject({
      name: 'platform',
      run: 'platform',
      folders: ['platform/', 'functions/ingress/', 'functions/social/greet/'],
    });
  });

  it.each([
    ['v1.0.0', 'tag-invalid', 'no tag of a function'],
    ['alpha@1.0.0', 'tag-invalid', 'no tag of a function'],
    ['alpha@v1.0', 'tag-invalid', 'no tag of a function'],
    ['--help@v1.0.0', 'tag-unknown', 'no tag --help@v1.0.0'],
    ['alpha@v0.1.1', 'tag-unknown', 'no tag alpha@v0.1.1'],
    ['alpha@v0.9.0', 'version-differs', 'versions.yaml says 0.1.0'],
    ['beta@v0.2.0', 'tag-not-merged', 'not in main'],
    ['omega@v0.1.0', 'function-unknown', 'names no function "omega"'],
    ['delta@v0.1.0', 'function-unknown', 'events.yaml has no function "delta"'],
  ])('refuses %s: %s', async (tag, code, reason) => {
    await expect(find(tag)).rejects.toMatchObject({ code });
    await expect(find(tag)).rejects.toThrow(reason);
  });
});
