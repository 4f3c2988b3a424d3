import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveVersions } from './checkout.ts';
import { describePlan } from './describe-plan.ts';
import { tagNewVersions } from './tag-new-versions.ts';
import { createRepository, lockfile, type Repository, topology } from './testing/repository.ts';

const ALPHA = 'functions/video/alpha/function.ts';
const BETA = 'functions/video/beta/function.ts';
const DELTA = 'functions/video/delta/function.ts';
const COUNT = 'shared/words/count.ts';

let repository: Repository;

beforeEach(async () => {
  repository = await createRepository();
  await tagNewVersions({ checkout: repository.checkout });
});

afterEach(() => repository.remove());

/** The file with one line more. */
const more = async (path: string, line = '// more') => ({
  [path]: `${await repository.read(path)}${line}\n`,
});

describe('how far a version moves', () => {
  it.each([
    ['fix: the end of a line', '0.1.1'],
    ['fix(alpha): the end of a line', '0.1.1'],
    ['perf: half the time', '0.1.1'],
    ['feat(alpha): a voice', '0.2.0'],
    ['Feat: a voice', '0.2.0'],
    ['feat!: other words', '1.0.0'],
    ['refactor(alpha)!: other words', '1.0.0'],
    ['fix: other words\n\nBREAKING CHANGE: scripts of 0.1 are not read', '1.0.0'],
    ['fix: other words\n\nWhy.\n\nBREAKING-CHANGE: scripts of 0.1 are not read\nReviewed-by: B', '1.0.0'],
    ['fix: nothing\n\nThis is no breaking change of anything.', '0.1.1'],
    ['docs: a word', undefined],
    ['refactor: plainer', undefined],
    ['chore(deps): newer tools', undefined],
    ['Changed some things', undefined],
    ['fixup! fix: the end of a line', undefined],
    ['constructor: odd', undefined],
    ['fix: by another system\r\n\r\nBREAKING CHANGE: lines end otherwise\r\n', '1.0.0'],
    ['fix : a space too many', undefined],
  ])('%s', async (message, version) => {
    await repository.commit(message, await more(ALPHA));
    expect(await repository.bumped()).toEqual(version === undefined ? {} : { alpha: version });
  });

  it('takes the largest of several commits, once', async () => {
    await repository.commit('fix: one', await more(ALPHA));
    await repository.commit('feat: two', await more(ALPHA));
    await repository.commit('fix: three', await more(ALPHA));
    const { bumps } = await repository.plan();
    expect(bumps).toMatchObject([{ name: 'alpha', from: '0.1.0', to: '0.2.0', level: 'minor' }]);
    expect(bumps[0]?.commits.map(({ header }) => header)).toEqual(['fix: one', 'feat: two', 'fix: three']);
  });

  it('names a commit that changed a function without saying how', async () => {
    await repository.commit('Changed some things', await more(ALPHA));
    expect(describePlan(await repository.plan())).toMatch(
      /^nothing to release\nmoves no version.*Changed some things \(alpha\)/,
    );
  });
});

describe('whose version moves', () => {
  it('each function that one commit changes', async () => {
    await repository.commit('feat: both', { ...(await more(ALPHA)), ...(await more(DELTA)) });
    expect(await repository.bumped()).toEqual({ alpha: '0.2.0', delta: '0.2.0' });
  });

  it('the three functions that import a shared module, by whatever way, and not the fourth', async () => {
    await repository.commit('fix: counts hyphens', await more(COUNT));
    expect(await repository.bumped()).toEqual({ alpha: '0.1.1', beta: '0.1.1', gamma: '0.1.1' });
  });

  it('those whose module reads the file that changed', async () => {
    await repository.commit('fix: more stop words', await more('shared/words/lists/stop.txt', 'a'));
    expect(await repository.bumped()).toEqual({ alpha: '0.1.1', beta: '0.1.1', gamma: '0.1.1' });
  });

  it('nobody, where an index of a shared folder offers more than before', async () => {
    await repository.commit('feat: whispers', {
      'shared/words/whisper.ts': 'export const whisper = 1;\n',
      ...(await more('shared/words/index.ts', "export { whisper } from './whisper.ts';")),
    });
    expect(await repository.bumped()).toEqual({});
  });

  it('those who take a name that an index now has from elsewhere', async () => {
    await repository.commit('chore: the new one lies ready', {
      'shared/words/louder.ts': 'export const shout = 1;\n',
    });
    const index = await repository.read('shared/words/index.ts');
    await repository.commit('fix: louder', {
      'shared/words/index.ts': index.replace('./shout.ts', './louder.ts'),
    });
    expect(await repository.bumped()).toEqual({ delta: '0.1.1' });
  });

  it('those who need the port that changed', async () => {
    await repository.commit('fix: a clearer voice', await more('shared/voice/speak.ts'));
    expect(await repository.bumped()).toEqual({ alpha: '0.1.1' });
  });

  it('those whose packages hold the one that was updated, however deep', async () => {
    const lock = { tiny: '1.0.0', inner: '1.0.1', outer: '1.0.0', other: '2.0.0' };
    await repository.commit('fix(deps): a hole in inner', { 'package-lock.json': lockfile(lock) });
    expect(await repository.bumped()).toEqual({ gamma: '0.1.1' });
  });

  it('those whose limits changed', async () => {
    await repository.commit('fix: more time', { 'events.yaml': topology({ delta: 'light' }, '60s') });
    // The platform's image holds the whole page.
    expect(await repository.bumped()).toEqual({ delta: '0.1.1', platform: '0.1.1' });
  });

  it.each<[what: string, files: Record<string, string>]>([
    ['a command', { 'functions/social/greet/function.ts': 'export default 2;\n' }],
    ['a route', { 'functions/ingress/routes.ts': 'export const routes = [1];\n' }],
    ['a module that a command imports', { 'shared/door/open.ts': 'export const open = 2;\n' }],
    ['a file of its own folder', { 'platform/page.sql': 'select 1\n' }],
    [
      'a package that it imports',
      { 'package-lock.json': lockfile({ tiny: '1.0.0', inner: '1.0.0', outer: '1.1.0', other: '1.0.0' }) },
    ],
    [
      'a flow in events.yaml',
      { 'events.yaml': `${topology({ delta: 'light' })}flows: { a: { title: A } }\n` },
    ],
  ])('the platform’s alone, by %s', async (_, files) => {
    await repository.commit('fix: of the platform', files);
    expect(await repository.bumped()).toEqual({ platform: '0.1.1' });
  });

  it('nobody’s, by a comment in events.yaml', async () => {
    await repository.commit('fix: says why', { 'events.yaml': `# Why.\n${topology({ delta: 'light' })}` });
    expect(await repository.bumped()).toEqual({});
  });

  it('everybody’s, by what images are built with', async () => {
    await repository.commit('fix: a smaller image', { 'images/Dockerfile': 'FROM scratch\n' });
    const all = ['alpha', 'beta', 'delta', 'gamma', 'platform'];
    expect(Object.keys(await repository.bumped()).sort()).toEqual(all);
  });

  it('of a moved module: those who import it', async () => {
    await repository.commit('fix: a better name', {
      'shared/words/shout.ts': undefined,
      'shared/words/loud.ts': 'export const shout = (text: string) => text.toUpperCase();\n',
      'shared/words/index.ts': (await repository.read('shared/words/index.ts')).replace(
        './shout.ts',
        './loud.ts',
      ),
    });
    expect(await repository.bumped()).toEqual({ delta: '0.1.1' });
  });

  it('nobody, where only tests, pages and pipelines changed', async () => {
    await repository.commit('fix: a test that flaked', {
      'functions/video/alpha/function.test.ts': 'export {};\n',
      'functions/video/alpha/fixtures/given.json': '{}\n',
      '.github/workflows/ci.yml': 'name: ci\n',
      'docs/page.md': 'more\n',
    });
    expect(await repository.bumped()).toEqual({});
    expect(describePlan(await repository.plan())).toBe('nothing to release\n');
  });

  it('takes odd names of files as they are', async () => {
    await repository.commit('fix: odd', { 'functions/video/alpha/a "ü"\n b.json': '{}\n' });
    expect(await repository.bumped()).toEqual({ alpha: '0.1.1' });
  });
});

describe('merges and reverts', () => {
  it('counts what a merged branch brought, though it is older than the last tag', async () => {
    await repository.git('switch', '--quiet', '--create', 'voice');
    await repository.commit('feat: a voice', await more(ALPHA));
    await repository.git('switch', '--quiet', 'main');
    await repository.commit('fix: beta', await more(BETA));
    await moveVersions(repository.checkout, await repository.bumped());
    await repository.commit('chore(release): beta 0.1.1', {});
    await tagNewVersions({ checkout: repository.checkout });
    await repository.git('merge', '--quiet', '--no-ff', '--message', "Merge branch 'voice'", 'voice');
    expect(await repository.bumped()).toEqual({ alpha: '0.2.0' });
  });

  it('counts what was changed in merging by the header of the merge', async () => {
    await repository.git('switch', '--quiet', '--create', 'voice');
    await repository.commit('docs: a page', { 'docs/voice.md': 'text\n' });
    await repository.git('switch', '--quiet', 'main');
    await repository.git('merge', '--quiet', '--no-ff', '--no-commit', 'voice');
    await repository.commit('fix: with the merge', await more(DELTA));
    expect(await repository.bumped()).toEqual({ delta: '0.1.1' });
  });

  it('a commit and its revert are nothing', async () => {
    const hash = await repository.commit('feat!: other words', await more(ALPHA));
    await repository.git('revert', '--no-edit', hash);
    expect(await repository.bumped()).toEqual({});
  });

  it('a revert that is reverted leaves the first commit standing', async () => {
    const hash = await repository.commit('feat: a voice', await more(ALPHA));
    await repository.git('revert', '--no-edit', hash);
    await repository.git('revert', '--no-edit', 'HEAD');
    expect(await repository.bumped()).toEqual({ alpha: '0.2.0' });
  });

  it('taking back what was released is a patch', async () => {
    const hash = await repository.commit('feat: a voice', await more(ALPHA));
    await moveVersions(repository.checkout, await repository.bumped());
    await repository.commit('chore(release): alpha 0.2.0', {});
    await tagNewVersions({ checkout: repository.checkout });
    await repository.git('revert', '--no-edit', hash);
    expect(await repository.bumped()).toEqual({ alpha: '0.2.1' });
  });

  it('reads the footer of a revert that is written by hand', async () => {
    const hash = await repository.commit('feat: a voice', await more(ALPHA));
    await repository.commit(`revert: let us not speak\n\nRefs: ${hash.slice(0, 8)}`, await more(ALPHA));
    expect(await repository.bumped()).toEqual({});
  });
});

describe('from release to release', () => {
  it('has nothing to do where nothing happened', async () => {
    expect(await repository.bumped()).toEqual({});
  });

  it('asked again before the tag is made, it answers the same and moves nothing', async () => {
    await repository.commit('fix: one', await more(ALPHA));
    await moveVersions(repository.checkout, await repository.bumped());
    await repository.commit('chore(release): alpha 0.1.1', {});
    expect(await repository.bumped()).toEqual({});
  });

  it('a feature that follows a fix not yet tagged moves on from the tag', async () => {
    await repository.commit('fix: one', await more(ALPHA));
    await moveVersions(repository.checkout, await repository.bumped());
    await repository.commit('chore(release): alpha 0.1.1', await more(ALPHA));
    await repository.commit('feat: two', await more(ALPHA));
    expect(await repository.bumped()).toEqual({ alpha: '0.2.0' });
  });

  it('a function that never was released keeps its first version', async () => {
    const entry = `${await repository.read('versions.yaml')}omega: 0.1.0\n`;
    await repository.commit('feat: omega', { 'versions.yaml': entry });
    const plan = await repository.plan();
    expect(plan).toMatchObject({ bumps: [], first: ['omega'] });
    expect(describePlan(plan)).toContain('never released, tagged as they stand: omega');
  });

  it('a tag on a branch that is not merged is no release of this one', async () => {
    await repository.git('switch', '--quiet', '--create', 'aside');
    await repository.commit('feat: aside', await more(ALPHA));
    await repository.git('tag', '--annotate', '--message', 'alpha', 'alpha@v0.9.0');
    await repository.git('switch', '--quiet', 'main');
    await repository.commit('fix: here', await more(ALPHA));
    expect(await repository.bumped()).toEqual({ alpha: '0.1.1' });
  });

  it('compares versions as numbers', async () => {
    await repository.git('tag', '--annotate', '--message', 'alpha', 'alpha@v0.10.0');
    await repository.git('tag', '--annotate', '--message', 'alpha', 'alpha@v0.9.0');
    await repository.commit('fix: one', await more(ALPHA));
    expect(await repository.bumped()).toEqual({ alpha: '0.10.1' });
  });
});
