import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MillraceError } from '#shared/errors';
import { readTopology } from './read-topology.ts';

const page = readFileSync(new URL('../../events.yaml', import.meta.url), 'utf8');

/** The page with `from` replaced, and the line (from 1) where the replacement stands. */
function edited(from: string, to: string): { text: string; line: number } {
  const at = page.indexOf(from);
  if (at < 0) throw new Error(`events.yaml has no "${from}"`);
  const lead = to.length - to.trimStart().length;
  const line = page.slice(0, at).concat(to.slice(0, lead)).split('\n').length;
  return { text: page.replace(from, () => to), line };
}

function problemsOf(text: string): readonly string[] {
  try {
    readTopology({ path: '/some/folder/events.yaml', text });
  } catch (error) {
    expect(error).toMatchObject({ kind: 'permanent', code: 'topology-invalid' });
    return (error as MillraceError).details?.problems as string[];
  }
  return [];
}

describe('events.yaml', () => {
  it('of this project is valid and reads as it stands', () => {
    const topology = readTopology({ path: 'events.yaml', text: page });
    expect(topology.functions.find(({ name }) => name === 'render-scene')).toMatchObject({
      name: 'render-scene',
      area: 'video',
      profile: 'ffmpeg',
      triggers: [{ kind: 'all', types: ['scene.illustrated', 'pipeline.audio.rendered'], each: 'scene' }],
      emits: [],
      puts: { 'scene.mp4': 'scene.rendered' },
      promises: undefined,
    });
    expect(topology.profiles.ffmpeg).toMatchObject({
      memoryBytes: 4 * 2 ** 30,
      timeoutMs: 1_800_000,
      gpu: 0,
    });
  });

  const FIRST = 'profile: cpu\n    triggers: [pipeline.started]';
  it.each<[what: string, from: string, to: string, says: RegExp]>([
    [
      'a misspelt key',
      'triggers: [pipeline.started]',
      'trigers: [pipeline.started]',
      /"trigers".*"triggers"/,
    ],
    ['on instead of triggers', 'triggers: [pipeline.started]', 'on: [pipeline.started]', /"on".*"triggers"/],
    ['a misspelt section', 'profiles:', 'profles:', /"profles".*"profiles"/],
    ['a misspelt key of a profile', 'memory: 256Mi', 'memry: 256Mi', /"memry".*"memory"/],
    ['a misspelt key of a scale', 'min: 0, max: 20', 'mim: 0, max: 20', /"mim".*"min"/],
    ['a misspelt kind of host', 'run: job', 'run: jab', /"jab".*"job"/],
    [
      'a misspelt event',
      'triggers: [pipeline.keywords.fetched]',
      'triggers: [pipeline.keyword.fetched]',
      /"pipeline.keyword.fetched".*"pipeline.keywords.fetched"/,
    ],
    ['a misspelt key of parts', 'promises: scene', 'promises: scnee', /"scnee".*"scene"/],
    ['an unknown profile', FIRST, 'profile: cpus\n    triggers: [pipeline.started]', /"cpus".*"cpu"/],
    [
      'a profile like nothing that is there',
      FIRST,
      'profile: __proto__\n    triggers: [pipeline.started]',
      /"__proto__".*light, cpu, ffmpeg/,
    ],
    [
      'a key of a join that no event has',
      'pipeline.audio.rendered], each: scene',
      'pipeline.audio.rendered], each: scen',
      /"scen".*"scene"/,
    ],
    ['a name in capitals', 'video/place-video:', 'video/Place_Video:', /"video\/Place_Video".*lower case/],
    ['memory in GB', 'memory: 4Gi', 'memory: 4GB', /"4GB".*"4Gi"/],
    ['no memory', 'memory: 4Gi', 'memory: 0Gi', /"0Gi".*16Mi or more/],
    [
      'a zone that is none',
      'triggers: [pipeline.metadata.built]',
      'triggers: [pipeline.metadata.built, { schedule: "0 * * * *", zone: Europe/Berln }]',
      /"Europe\/Berln" is not a time zone/,
    ],
    [
      'a limit in words',
      'limits: { language-model: 60/min }',
      'limits: { language-model: 60 per minute }',
      /did you mean "60\/min"/,
    ],
    ['a limit of a provider that nobody uses', 'limits: {', 'limits: { openai: 60/min,', /"openai"/],
    [
      'a provider that is called like a function',
      FIRST,
      'uses: [render-tts]\n    profile: cpu\n    triggers: [pipeline.started]',
      /"render-tts" is also the name of a provider/,
    ],
    ['turns of nobody', 'turns: owners', 'turns: users', /turns/],
    ['no processor', 'cpu: 100m', 'cpu: 0m', /"0m".*above 0/],
    ['more processors than a node has', 'cpu: 100m', 'cpu: "1000"', /"1000".*896 or less/],
    ['processors in words', 'cpu: 100m', 'cpu: 2 cores', /"2 cores".*did you mean "2"/],
    ['more memory than a node has', 'memory: 256Mi', 'memory: 64Ti', /"64Ti".*32Ti or less/],
    ['a time limit in words', 'timeout: 5m', 'timeout: 5 minutes', /"5 minutes".*"5m"/],
    ['a time limit of nothing', 'timeout: 5m', 'timeout: 0s', /"0s".*a second or more/],
    ['a time limit above the maximum', 'timeout: 5m', 'timeout: 2h', /"2h".*maximum of a service, 10m/],
    ['no concurrency', 'concurrency: 8', 'concurrency: 0', /0 is not valid.*>=1/],
    ['half an attempt', 'attempts: 5', 'attempts: 1.5', /1\.5 is not valid/],
    [
      'a scale upside down',
      'scale: { min: 0, max: 20 }',
      'scale: { min: 30, max: 20 }',
      /scale\.min must not be above/,
    ],
    [
      'an impossible minute',
      'triggers: [pipeline.metadata.built]',
      'triggers: [pipeline.metadata.built, { schedule: "61 * * * *" }]',
      /"61 \* \* \* \*" is not a cron pattern.*minute/,
    ],
    [
      'a schedule in words',
      'triggers: [pipeline.metadata.built]',
      'triggers: [pipeline.metadata.built, { schedule: "every hour" }]',
      /"every hour" is not a cron pattern/,
    ],
    [
      'a trigger of no known shape',
      '[{ each: scene.rendered, of: pipeline.script.generated }]',
      '[{ each: scene.rendered, zone: UTC }]',
      /"zone".*\{ each: a, of: b \}/,
    ],
    [
      'a misspelt word of a trigger',
      '{ each: scene.rendered, of: ',
      '{ eech: scene.rendered, of: ',
      /"eech".*"each"/,
    ],
    ['a misspelt schedule', '{ schedule: "0', '{ shedule: "0', /"shedule".*"schedule"/],
    ['a misspelt command', 'command: session.open', 'comand: session.open', /"comand".*"command"/],
    [
      'misspelt functions of a flow',
      'functions: [keyword-fetch],',
      'functionz: [keyword-fetch],',
      /"functionz".*"functions"/,
    ],
    ['no trigger', 'triggers: [pipeline.started]', 'triggers: []', /must have triggers/],
    [
      'a circle',
      'emits: [pipeline.video.placed]',
      'emits: [pipeline.video.placed, pipeline.started]',
      /circle without a way out: keyword-fetch → .* → keyword-fetch/,
    ],
    [
      'one name in two areas',
      'video/place-video:',
      'media/keyword-fetch:',
      /"keyword-fetch" is also that of/,
    ],
    [
      'one function twice',
      'video/place-video:',
      'video/keyword-fetch:',
      /"video\/keyword-fetch" stands here a second time/,
    ],
    [
      'an event that nobody consumes',
      '  pipeline.video.placed: { terminal: true }\n',
      '',
      /nobody consumes "pipeline.video.placed".*terminal/,
    ],
    [
      'an end of a flow that nobody consumes',
      '  pipeline.failed: { terminal: true }\n',
      '',
      /flows\.video\.failed: nobody consumes "pipeline.failed"/,
    ],
    [
      'an event that nobody emits',
      '    emits: [scene.scripted]\n',
      '',
      /generate-image\.triggers: nobody emits "scene.scripted"/,
    ],
    [
      'parts that nobody promised',
      '    promises: scene\n',
      '',
      /"pipeline.script.generated" must say \{ promises: scene \}/,
    ],
    [
      'parts joined as if there were one',
      'pipeline.audio.rendered], each: scene',
      'pipeline.audio.rendered]',
      /"scene.illustrated" comes once for each scene/,
    ],
    [
      'one event twice in a join',
      'all: [scene.illustrated, ',
      'all: [scene.illustrated, scene.illustrated, ',
      /"scene.illustrated" stands twice/,
    ],
    [
      'one event twice as trigger',
      'triggers: [pipeline.started]',
      'triggers: [pipeline.started, pipeline.started]',
      /"pipeline.started" triggers it twice/,
    ],
    ['a bracket that is not closed', 'version: 1', 'version: [1', /sequence/],
    ['a tab', '  light:', '\tlight:', /Tabs/],
    ['another version', 'version: 1', 'version: 2', /2 is not valid: .*expected 1/],
    ['an alias of nothing', 'profile: cpu', 'profile: *nowhere', /nowhere/],
  ])('with %s is refused, saying where and what', (_, from, to, says) => {
    const { text } = edited(from, to);
    const problems = problemsOf(text);
    expect(
      problems.find((problem) => says.test(problem)),
      problems.join('\n'),
    ).toBeDefined();
    for (const problem of problems) expect(problem).toMatch(/^events\.yaml:\d+: /);
  });

  it.each([
    ['trigers: [pipeline.started]', 'triggers: [pipeline.started]', /trigers/],
    ['memory: 4GB', 'memory: 4Gi', /4GB/],
    ['run: jab', 'run: job', /jab/],
    ['{ schedule: "61 * * * *" }', 'pipeline.metadata.built', /61/],
  ])('names the line of %s', (to, from, says) => {
    const { text, line } = edited(from, to);
    expect(problemsOf(text).find((problem) => says.test(problem))).toMatch(
      new RegExp(`^events\\.yaml:${line}: `),
    );
  });

  it('takes a command in place of triggers', () => {
    const extra = `${page}\n  social/wave-at: { profile: light, command: user.wave }\n`;
    const { commands, functions } = readTopology({ path: 'events.yaml', text: extra });
    expect(commands?.at(-1)).toMatchObject({ name: 'wave-at', command: 'user.wave', triggers: [] });
    // Nothing wakes it: no lane, no pod and no queue is made for it.
    expect(functions.map(({ name }) => name)).not.toContain('wave-at');
  });

  it.each([
    ['beside triggers', 'triggers: [pipeline.metadata.built]', /not both/],
    ['in neither way', '', /triggers, or a command/],
    ['with the name of an event', 'command: pipeline.started', /name of an event/],
    ['in one word', 'command: follow', /read like user.follow/],
    ['with puts', 'command: user.wave, puts: { a.txt: scene.rendered }', /no puts/],
  ])('refuses a command %s', (what, fields, says) => {
    const command = what === 'beside triggers' ? ', command: user.wave' : '';
    const line = `  social/wave-at: { profile: light${fields === '' ? '' : `, ${fields}`}${command} }`;
    expect(problemsOf(`${page}\n${line}\n`).join('\n')).toMatch(says);
  });

  it('refuses a command of two functions, and one that runs as a job', () => {
    const lines = ['a', 'b'].map((name) => `  social/${name}: { profile: ffmpeg, command: user.wave }`);
    const found = problemsOf(`${page}\n${lines.join('\n')}\n`).join('\n');
    expect(found).toMatch(/also the command of social\/a/);
    expect(found).toMatch(/runs as a job/);
  });

  it('tells all that is wrong at once', () => {
    const text = page
      .replace('memory: 4Gi', 'memory: 4GB')
      .replace('run: job', 'run: jab')
      .replace('triggers: [pipeline.started]', 'on: []');
    const said = problemsOf(text).join('\n');
    for (const word of ['4GB', 'jab', '"on"']) expect(said).toContain(word);
  });

  it.each([
    ['nothing', ''],
    ['a list', '- a'],
    ['a word', 'events'],
    ['two documents', `${page}\n---\n${page}`],
    ['aliases that unfold into a thousand values each', bomb()],
  ])('that is %s is refused', (_, text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  it('that is not there is said to be missing', () => {
    expect(() => readTopology({ path: '/nowhere/events.yaml' })).toThrow(
      /"events\.yaml" cannot be read \(ENOENT\)/,
    );
  });

  it('refuses or reads any page with a line changed, and never fails otherwise', () => {
    const lines = page.split('\n');
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.constantFrom('', '- x', ': :', '  a: [', 'null: ~', '? !!set'),
        (at, other) => {
          const text = lines.with(at, other).join('\n');
          try {
            readTopology({ path: 'events.yaml', text });
          } catch (error) {
            expect(error).toBeInstanceOf(MillraceError);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

function bomb(): string {
  const ten = (name: string) => `[${Array.from({ length: 10 }, () => name).join(',')}]`;
  return `a: &a ${ten('x')}\nb: &b ${ten('*a')}\nc: &c ${ten('*b')}\nd: ${ten('*c')}`;
}
