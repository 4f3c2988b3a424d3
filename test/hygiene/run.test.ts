import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventCatalogue, script } from '#shared/events';
import { copyProject } from './copy-project.ts';
import { type Running, type RunOptions, startMillrace } from './run-millrace.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace run's "));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function start(words: readonly string[], options: Partial<RunOptions> = {}): Running {
  const environment = { TMPDIR: folder, ...options.environment };
  return startMillrace({ ...options, words: ['run', ...words], folder, environment });
}

const run = (...words: string[]) => start(words).ended;
const inFolder = (name: string) => join(folder, name);
const save = (name: string, value: unknown) => writeFile(inFolder(name), JSON.stringify(value));
/** What is left of private folders. */
const scratch = async () => (await readdir(folder)).filter((name) => name.startsWith('millrace-run-'));

const scripted = { ...eventCatalogue['scene.scripted'].example, total: 2 };

describe('millrace run', () => {
  it('runs a function on an example, and the next ones on what came out', async () => {
    const first = await run('keyword-fetch', '--example');
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject([{ type: 'pipeline.keywords.fetched' }]);
    await writeFile(inFolder('keywords.json'), first.out);

    const second = await run('video/generate-script', '--event', 'keywords.json', '--out', 'made');
    const [generated, scene] = JSON.parse(second.out);
    expect(generated.data.artifact).toEqual({ file: expect.stringMatching(/made\/script\.json$/) });
    expect(script.parse(JSON.parse(await readFile(inFolder('made/script.json'), 'utf8'))).title).toContain(
      'octopuses',
    );
    expect(scene).toMatchObject({ type: 'scene.scripted', key: 'scene-001' });
    expect(second.err).toContain('script.json (');
    await writeFile(inFolder('script.json'), second.out);

    const third = await run('make-thumbnail', '--event', 'script.json', '--out', 'made');
    expect(third.code).toBe(0);
    expect(third.err).toContain('Left out, because make-thumbnail does not wake on it: scene.scripted');
    const picture = await readFile(inFolder('made/thumbnail.jpg'));
    expect(picture.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    // A second time over the files of the first.
    expect((await run('make-thumbnail', '--event', 'script.json', '--out', 'made')).code).toBe(0);
    expect(await scratch()).toEqual([]);
  }, 120_000);

  it('says what it made and did not keep', async () => {
    await save('two.json', [
      { type: 'scene.scripted', key: 'scene-001', data: scripted },
      { type: 'scene.scripted', key: 'scene-002', data: { ...scripted, index: 1 } },
    ]);
    const undecided = await run('generate-image', '--event', 'two.json');
    expect(undecided.err).toContain('choose it with --key scene-001 (scene-001, scene-002)');
    const { code, out, err } = await run('generate-image', '--event', 'two.json', '--key', 'scene-002');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ type: 'scene.illustrated', key: 'scene-002' }]);
    expect(err).toMatch(/Made and not kept: illustration\.png \(\d+ bytes\)\. Keep it with --out/);
  });

  it.each([
    ['an unknown function', ['render-tss', '--example'], 'did you mean "render-tts"?'],
    ['no events', ['keyword-fetch'], '--event file.json, or --example'],
    ['no file', ['keyword-fetch', '--event', 'nowhere.json'], 'there is no such file'],
    ['a file that is no JSON', ['keyword-fetch', '--event', 'broken.json'], 'broken.json cannot be read'],
    ['JSON that is no event', ['keyword-fetch', '--event', 'number.json'], 'must hold an event'],
    [
      'an event of another function',
      ['generate-image', '--event', 'started.json'],
      'wakes on scene.scripted',
    ],
    ['a wrong payload', ['keyword-fetch', '--event', 'started.json'], '(permanent, event-invalid)'],
    [
      'a key that no event has',
      ['generate-image', '--event', 'two.json', '--key', 'scene-9'],
      'scene-001, scene-002',
    ],
    ['an example that needs files', ['make-thumbnail', '--example'], '"file": "script.json"'],
    [
      'a file that an event names and is not there',
      ['make-thumbnail', '--event', 'lost.json'],
      'lost/script.json',
    ],
    ['an artifact of no store', ['make-thumbnail', '--event', 'far.json'], 'write { "file": "a path" }'],
  ])('refuses %s in words, with nothing on stdout', async (_, words, reason) => {
    const generated = {
      type: 'pipeline.script.generated',
      data: eventCatalogue['pipeline.script.generated'].example,
    };
    await Promise.all([
      writeFile(inFolder('broken.json'), '{'),
      save('number.json', 7),
      save('started.json', { type: 'pipeline.started', data: { topic: 'bees' } }),
      save(
        'two.json',
        ['scene-001', 'scene-002'].map((key) => ({ type: 'scene.scripted', key, data: scripted })),
      ),
      save('far.json', generated),
      save('lost.json', {
        ...generated,
        data: { ...generated.data, artifact: { file: 'lost/script.json' } },
      }),
    ]);
    const { code, out, err } = await run(...words);
    expect(err).toContain(reason);
    expect(out).toBe('');
    expect(code).toBe(1);
    expect(await scratch()).toEqual([]);
  });

  it('ends within a second of Ctrl-C and leaves nothing behind', async () => {
    const first = await run('keyword-fetch', '--example');
    await writeFile(inFolder('keywords.json'), first.out);
    const second = await run('generate-script', '--event', 'keywords.json', '--out', 'spoken');
    await writeFile(inFolder('script.json'), second.out);
    const running = start(['render-tts', '--event', 'script.json']);
    await running.complained(/speaking scene 2/);
    // A second, on a machine that has other things to do as well.
    const before = performance.now();
    running.child.kill('SIGINT');
    const { code, out } = await running.ended;
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(code).toBe(130);
    expect(out).toBe('');
    expect(await scratch()).toEqual([]);
  }, 120_000);

  describe('a function that never gives way', () => {
    let project = '';
    let launcher = '';

    beforeAll(async () => {
      project = inFolder('project');
      launcher = join(project, 'bin', 'millrace.mjs');
      await copyProject({
        to: project,
        wanted: (path) => !path.endsWith('.test.ts') && !path.startsWith('docs/'),
      });
      const path = join(project, 'functions', 'video', 'keyword-fetch', 'function.ts');
      const source = await readFile(path, 'utf8');
      const busy = source.replace(
        /async handle\([\s\S]*$/,
        "async handle() { console.log('busy'); for (;;); } });",
      );
      expect(busy).not.toBe(source);
      await writeFile(path, busy);
    }, 120_000);

    it('is ended by Ctrl-C all the same', async () => {
      const running = start(['keyword-fetch', '--example'], { launcher });
      await running.complained(/busy/);
      running.child.kill('SIGINT');
      expect((await running.ended).code).toBe(130);
      expect(await scratch()).toEqual([]);
    });

    it('is ended at the time limit of its profile', async () => {
      const path = join(project, 'events.yaml');
      const topology = await readFile(path, 'utf8');
      await writeFile(path, topology.replaceAll(/timeout: \w+/g, 'timeout: 2s'));
      const { code, out, err } = await start(['keyword-fetch', '--example'], { launcher }).ended;
      expect(err).toContain('keyword-fetch took longer than its limit of 2 s. (transient, time-limit)');
      expect(out).toBe('');
      expect(code).toBe(1);
    });
  });
});
