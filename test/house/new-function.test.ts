import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject } from '../hygiene/copy-project.ts';

const LIMIT = 180_000;
let scratch = '';
let project = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'millrace new function '));
  project = join(scratch, 'mill race');
  await copyProject({ to: project });
}, LIMIT);

afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Answer {
  readonly code: number;
  readonly out: string;
}

/** Runs a program of the copy; what it says on either stream. */
function program(...words: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { cwd: project, timeout: LIMIT, maxBuffer: 2 ** 24 };
    execFile(process.execPath, words, options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out: `${out}${err}` });
    });
  });
}

const newFunction = (...words: string[]) => program('test/house/new-function.ts', ...words);
const tool = (name: string, ...words: string[]) => program(join('node_modules', '.bin', name), ...words);
const read = (path: string) => readFile(join(project, path), 'utf8');
const state = async () => [
  await read('events.yaml'),
  await read('versions.yaml'),
  (await readdir(join(project, 'functions'), { recursive: true })).sort(),
];

describe('npm run new-function', () => {
  it.each([
    ['Video/count-words', 'lower case with dashes'],
    ['count-words', 'lower case with dashes'],
    ['video/../secrets', 'lower case with dashes'],
    ['video/count--words', 'lower case with dashes'],
    ['vidoe/count-words', 'did you mean video/count-words?'],
    ['media/render-tts', 'functions/video/render-tts already'],
    ['ingress/count-words', 'front door'],
  ])('refuses the name %s and writes nothing', async (path, reason) => {
    const before = await state();
    const { code, out } = await newFunction(path, '--on', 'pipeline.started');
    expect(out).toContain(reason);
    expect(code).toBe(1);
    expect(await state()).toEqual(before);
  });

  it.each([
    ['an event that nobody declared', ['--on', 'pipeline.stared'], 'did you mean "pipeline.started"?'],
    [
      'an emitted event that nobody declared',
      ['--on', 'pipeline.started', '--emits', 'words.counted'],
      'defineEvent',
    ],
    ['a circle', ['--on', 'pipeline.script.generated', '--emits', 'pipeline.keywords.fetched'], 'circle'],
    ['an unknown profile', ['--on', 'pipeline.started', '--profile', 'lite'], 'valid: light, cpu, ffmpeg'],
    ['no event', [], 'npm run new-function -- <area>/<name> --on'],
    ['an unknown option', ['--an', 'pipeline.started'], 'npm run new-function -- <area>/<name> --on'],
  ])('refuses %s and writes nothing', async (_, words, reason) => {
    const before = await state();
    const { code, out } = await newFunction('video/count-words', ...words);
    expect(out).toContain(reason);
    expect(code).toBe(1);
    expect(await state()).toEqual(before);
  });

  it('adds lines to events.yaml and leaves every other character as it was', async () => {
    const path = join(project, 'events.yaml');
    const before = await read('events.yaml');
    const odd = before
      .replace(/( {2}video\/place-video:\n)/, '  # the last step\n$1')
      .replace(/\n$/, ' # the end');
    await writeFile(path, odd);
    expect((await newFunction('video/count-words', '--on', 'scene.scripted')).code).toBe(0);
    const after = await read('events.yaml');
    const added = '\n  video/count-words:\n    profile: light\n    triggers: [scene.scripted]';
    expect(after).toContain(added);
    expect(after.replace(added, '').trimEnd()).toBe(odd);
    const names = (await read('versions.yaml')).split('\n').filter((line) => /^[a-z]/.test(line));
    expect(names).toContain('count-words: 0.1.0');
    expect(names).toEqual(names.toSorted());
  });

  it(
    'makes functions that pass the checks of the house and their own tests',
    async () => {
      const words = [
        'media/tint-scene',
        '--on',
        'scene.scripted',
        '--emits',
        'scene.illustrated',
        '--profile',
        'cpu',
      ];
      expect(await newFunction(...words)).toMatchObject({ code: 0 });
      expect(await program('test/house/generate.ts')).toMatchObject({ code: 0 });
      const made = ['functions/media/tint-scene', 'functions/video/count-words'];
      expect(await tool('biome', 'check', '--vcs-enabled=false', ...made)).toMatchObject({ code: 0 });
      expect(await tool('tsc', '-p', '.', '--noEmit')).toMatchObject({ code: 0 });
      const tests = await tool('vitest', 'run', ...made);
      expect(tests.out).toMatch(/4 passed/);
      expect(tests.code).toBe(0);
      expect(await read('docs/functions.md')).toContain('## tint-scene');
    },
    LIMIT,
  );
});
