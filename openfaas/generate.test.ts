import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeVariables } from '#shared/config';
import { readTopology } from '#shared/topology';
import { readWants, type Wants } from '../knative/functions/wants.ts';
import { checkRules } from '../knative/rules/check-rules.ts';
import { functionsFolder, objectsOf, page, readVersions } from '../knative/testing/generated.ts';
import { COMMUNITY_EDITION } from './editions.ts';
import { generatedOpenFaas } from './generate.ts';
import type { Stack, StackFunction } from './stack/stack.ts';

const generated = (text = page, other: { versions?: string; digests?: string; wants?: Wants } = {}) =>
  generatedOpenFaas({
    topology: readTopology({ path: 'events.yaml', text }),
    wants: other.wants ?? {},
    page: text,
    versions: other.versions ?? readVersions(),
    digests: other.digests ?? '',
  });
const files = generated();
const { functions } = readTopology({ path: 'events.yaml', text: page });
const stackOf = (of = files): Stack => parse(of['stack.yaml'] ?? '') as Stack;
function entry(name: string, of = files): StackFunction {
  const found = stackOf(of).functions[name];
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

describe('the stack file', () => {
  it('has every function, and no word that faas-cli does not know', () => {
    expect(stackOf()).toMatchObject({ version: '1.0', provider: { name: 'openfaas' } });
    expect(Object.keys(stackOf().functions)).toEqual(functions.map(({ name }) => name));
    // https://docs.openfaas.com/reference/yaml
    const known = [
      ...['lang', 'handler', 'image', 'skip_build', 'build_options', 'fprocess', 'environment'],
      ...['environment_file', 'secrets', 'readonly_root_filesystem', 'constraints', 'labels', 'annotations'],
      ...['limits', 'requests', 'namespace'],
    ];
    for (const fn of Object.values(stackOf().functions))
      expect(Object.keys(fn).filter((word) => !known.includes(word))).toEqual([]);
  });

  it('has the image, the limits and the topics of each, a root that is read only, and its health', () => {
    expect(entry('render-tts')).toMatchObject({
      image: 'ghcr.io/millrace/render-tts:0.1.0',
      skip_build: true,
      readonly_root_filesystem: true,
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '500m', memory: '512Mi' },
      labels: { 'com.openfaas.scale.min': '1', 'com.openfaas.scale.max': '10' },
      annotations: {
        topic: 'pipeline.script.generated',
        'com.openfaas.health.http.path': '/_/health',
        'com.openfaas.ready.http.path': '/_/ready',
      },
      environment: { exec_timeout: '330s' },
    });
    expect(entry('render-scene').annotations.topic).toBe('scene.illustrated,pipeline.audio.rendered');
    // The scheduler publishes what wakes it.
    expect(entry('expire-runs').annotations.topic).toBeUndefined();
  });

  it('is told secrets in files alone, and nothing that no process reads', () => {
    const known = [...describeVariables().map(({ name }) => name), 'AWS_SHARED_CREDENTIALS_FILE'];
    const ofWatchdog = ['exec_timeout', 'read_timeout', 'write_timeout'];
    for (const fn of Object.values(stackOf().functions)) {
      const told = Object.keys(fn.environment);
      expect(told.filter((name) => ![...known, ...ofWatchdog].includes(name))).toEqual([]);
      expect(told.filter((name) => /PASSWORD|KEY|DATABASE/.test(name))).toEqual([]);
      expect(fn.secrets).toEqual(['database-url', 'database-direct-url', 'aws-credentials']);
    }
  });

  it('has labels that Kubernetes takes', () => {
    for (const fn of Object.values(stackOf().functions))
      for (const value of Object.values(fn.labels))
        expect(value).toMatch(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
  });

  it('names the digest where one was pushed', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const pushed = generated(page, { digests: `mux-video: 0.1.0@${digest}` });
    expect(entry('mux-video', pushed).image).toBe(`ghcr.io/millrace/mux-video:0.1.0@${digest}`);
  });

  it('leaves out what needs a GPU, and says so', () => {
    const text = page.replace(
      '      scale: { min: 0, max: 20 },',
      '      gpu: 1,\n      scale: { min: 0, max: 20 },',
    );
    const able = generated(text);
    expect(Object.keys(stackOf(able).functions)).not.toContain('take-script');
    expect(able['stack.yaml']).toMatch(/no word for GPUs: take-script, .*place-video/);
  });

  describe('with what functions say that they need', () => {
    const topology = readTopology({ path: 'events.yaml', text: page });
    const needing = generated(page, { wants: readWants(topology, functionsFolder) });

    it('gives those that send mails where to and as whom, in files that a process reads, and no other', () => {
      const having = Object.entries(stackOf(needing).functions).filter(
        ([, { secrets }]) => secrets.length > 3,
      );
      expect(having.map(([name]) => name)).toEqual(['send-email']);
      const ofMail = entry('send-email', needing).secrets.slice(3);
      expect(ofMail).toEqual(['smtp-url', 'mail-from']);
      const names = describeVariables().map(({ name }) => name.toLowerCase().replaceAll('_', '-'));
      expect(names).toEqual(expect.arrayContaining(ofMail));
    });

    it('tells operators of each secret', async () => {
      const told = await readFile('docs/openfaas.md', 'utf8');
      const all = Object.values(stackOf(needing).functions).flatMap(({ secrets }) => secrets);
      const untold = [...new Set(all)].filter((name) => !told.includes(`faas-cli secret create ${name} `));
      expect(untold).toEqual([]);
    });

    it('leaves out what signs with the key of a file, whose every work would die, and says so', () => {
      expect(Object.keys(stackOf(needing).functions)).not.toContain('send-push');
      expect(needing['stack.yaml']).toMatch(/^# Not here, .*the file of a key: send-push\.$/m);
    });
  });

  it('says how many functions it has, and to choose where the Community Edition takes fewer', () => {
    const { functions: most } = COMMUNITY_EDITION;
    expect(files['stack.yaml']).toMatch(
      new RegExp(`^# ${functions.length} functions; the Community Edition takes ${most}[.:]`, 'm'),
    );
    const more = Array.from(
      { length: 8 },
      (_, n) => `  video/more-${n}:\n    profile: light\n    triggers: [script.uploaded]\n`,
    );
    const roomy = page.replace(/connections: \d+/, 'connections: 90000');
    expect(generated(`${roomy}\n${more.join('')}`)['stack.yaml']).toMatch(
      /takes 15: choose with --filter or --regex/,
    );
  });

  it('is not written where all its pods would find no session with the database', () => {
    // Enough on Knative, where a Job has one slot.
    const topology = readTopology({ path: 'events.yaml', text: page });
    const jobs = topology.functions.filter(({ profile }) => topology.profiles[profile]?.run === 'job');
    expect(jobs.length).toBeGreaterThan(0);
    const needed = /is below (\d+), which is/.exec(
      problemOf(() => generated(page.replace(/connections: \d+/, 'connections: 300'))),
    )?.[1];
    const tight = page.replace(/connections: \d+/, `connections: ${needed}`);
    expect(problemOf(() => generated(tight))).toMatch(
      new RegExp(`^events\\.yaml:\\d+: database\\.connections: ${needed} is below \\d+, which all functions`),
    );
  });
});

describe('the platform beside OpenFaaS', () => {
  const platform = Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith('platform/')));
  const objects = objectsOf(platform);

  it('is its own processes and the dispatcher, in pods that keep to the restricted standard', () => {
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');
    expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([
      'adapter',
      'dispatcher',
      'scheduler',
      'streams',
    ]);
    for (const [path, text] of Object.entries(platform))
      if (path.endsWith('.yaml')) checkRules(path, objectsOf({ [path]: text }));
    expect(objects.map(({ apiVersion }) => apiVersion).join()).not.toContain('knative');
  });

  it('gives the password of the gateway to the dispatcher alone', () => {
    const having = objects.filter((each) => JSON.stringify(each).includes('millrace-gateway'));
    expect(having.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Deployment dispatcher']);
  });

  it('names every file of it to Kustomize', () => {
    const { resources } = parse(files['platform/Kustomization'] ?? '') as { resources: string[] };
    expect(resources.map((name) => `platform/${name}`).sort()).toEqual(
      Object.keys(platform)
        .filter((path) => path.endsWith('.yaml'))
        .sort(),
    );
  });

  it('is told nothing that no process reads', () => {
    const known = describeVariables().map(({ name }) => name);
    const { configMapGenerator } = parse(files['platform/Kustomization'] ?? '') as {
      configMapGenerator: { literals: string[] }[];
    };
    const settings = configMapGenerator.flatMap(({ literals }) =>
      literals.map((line) => line.split('=')[0] ?? ''),
    );
    const gateway = parse(files['gateway.yaml.example'] ?? '') as { stringData: object };
    const told = [...settings, ...Object.keys(gateway.stringData)];
    expect(told).toContain('TRANSPORT');
    expect(told.filter((name) => !known.includes(name))).toEqual([]);
  });
});
