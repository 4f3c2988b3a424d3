import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitVersions } from './checkout.ts';
import { root } from './command.ts';
import type { Cluster } from './deploy/cluster.ts';
import { promote } from './deploy/promote.ts';
import { rollOut } from './deploy/roll-out.ts';
import { commitMessage } from './describe-plan.ts';
import { findRelease } from './find-release.ts';
import { tagNewVersions } from './tag-new-versions.ts';
import { createRepository, functions, type Repository } from './testing/repository.ts';

const DIGEST = `sha256:${'d'.repeat(64)}`;
const topology = {
  functions: functions.map((one) => ({ ...one, profile: 'cpu' })),
  profiles: { cpu: { run: 'service' } },
} as never;

let repository: Repository;

beforeEach(async () => {
  repository = await createRepository();
});

afterEach(() => repository.remove());

it('a merged fix: that function alone is versioned, tagged and rolled out, and then nothing is left to do', async () => {
  const { checkout, git } = repository;
  const others = ['alpha', 'beta', 'gamma', 'platform'].map((name) => `${name}: 0.1.0@${DIGEST}\n`);
  await repository.commit('chore: all were pushed', { 'digests.yaml': others.join('') });
  await tagNewVersions({ checkout });
  await git('push', '--quiet', 'origin', 'main', '--tags');
  await repository.commit('fix(delta): shouts in capitals', {
    'functions/video/delta/function.ts': "import { shout } from '#shared/words';\nexport default [shout];\n",
  });
  await git('push', '--quiet', 'origin', 'main');

  const { bumps } = await repository.plan();
  await commitVersions(
    checkout,
    Object.fromEntries(bumps.map(({ name, to }) => [name, to])),
    commitMessage(bumps),
  );
  await git('push', '--quiet', 'origin', 'main');
  expect(await git('log', '-1', '--format=%B')).toMatch(
    /^chore\(release\): delta 0\.1\.1\n\ndelta 0\.1\.0 -> 0\.1\.1\n {2}[0-9a-f]{9} fix\(delta\): shouts in capitals/,
  );
  const { tagged } = await tagNewVersions({ checkout, remote: 'origin' });
  expect(tagged).toEqual(['delta@v0.1.1']);

  const found = await findRelease({ git, topology, tag: 'delta@v0.1.1', branch: 'origin/main' });
  const cluster: Cluster = {
    look: async () => ({ image: `registry.example/delta@${DIGEST}`, isReady: true, why: '' }),
    smoke: async () => undefined,
  };
  const patience = { everyMs: 1, limitMs: 1 };
  const { signal } = new AbortController();
  const remote = { name: 'origin', branch: 'main' };
  const target = { name: found.name, run: found.run, namespace: 'staging' };
  const rolled = {
    checkout,
    remote,
    cluster,
    target,
    version: found.version,
    digest: DIGEST,
    patience,
    signal,
  };
  expect(await rollOut(rolled)).toBe('rolled-out');
  const staging = { namespace: 'staging', cluster, branch: 'main' };
  const production = { namespace: 'production', cluster, branch: 'production' };
  const moved = await promote({
    checkout,
    remote: 'origin',
    topology,
    staging,
    production,
    patience,
    signal,
  });
  expect(moved).toContain('delta');
  expect(await git('show', 'origin/production:deployed.txt')).toContain('delta: 0.1.1');

  expect(await repository.bumped()).toEqual({});
  expect(await tagNewVersions({ checkout })).toEqual({ tagged: [], again: [] });
});

describe('the commands', () => {
  const command = (name: string, ...words: string[]): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      const all = [join(root, 'release', `${name}.ts`), ...words];
      execFile(process.execPath, all, { cwd: root, timeout: 60_000 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), said: `${out}${err}` }),
      );
    });

  it.each([
    ['tag', ['render-tss', '9.0.0', '--local'], 'did you mean "render-tts"?'],
    ['tag', ['render-tts', '9.0', '--local'], '"9.0" is no version'],
    ['tag', ['render-tts'], 'npm run tag -- <function> <version>'],
    ['untag', ['rendr-tts', '9.0.0', '--local'], 'did you mean "render-tts"?'],
    ['untag', ['render-tts', '99.0.0', '--local'], 'There is no tag render-tts@v99.0.0'],
    ['find', ['nonsense'], 'no tag of a function'],
    ['list', ['--flow', 'vidoe'], 'events.yaml has no flow "vidoe"; it has: video'],
    ['smoke', ['--context', 'there'], 'Use it so'],
    ['roll-out', ['render-tts@v0.1.0', '--digest', 'sha256:1'], 'Use it so'],
  ])('%s %s says what is wrong, without a stack', async (name, words, reason) => {
    const { code, said } = await command(name, ...words);
    expect(said).toContain(reason);
    expect(said).not.toMatch(/\n {4}at /);
    expect(code).toBe(1);
  });

  it('an option that does not exist is an answer too', async () => {
    const { code, said } = await command('tag', '--forse', 'render-tts', '9.0.0');
    expect(said).toContain('--forse');
    expect(said).not.toMatch(/\n {4}at /);
    expect(code).toBe(1);
  });
});
