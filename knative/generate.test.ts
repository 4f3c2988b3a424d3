import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeVariables } from '#shared/config';
import { readTopology } from '#shared/topology';
import type { Files } from './folder.ts';
import { readFunction } from './functions/read-function.ts';
import { secretsOfPorts } from './pod/environment.ts';
import { found, functionsFolder, generated, objectsOf, page, value } from './testing/generated.ts';

const files = generated();
const { functions, profiles } = readTopology({ path: 'events.yaml', text: page });
/** The page with render-scene on GPUs. */
const onGpus = page
  .replace(
    'profiles:\n',
    'profiles:\n  gpu: { run: job, cpu: "8", memory: 16Gi, gpu: 2, timeout: 30m, nodeSelector: { gpu: a100 }, tolerations: [{ key: nvidia.com/gpu }], scale: { min: 0, max: 3 } }\n',
  )
  .replace(/(video\/render-scene:\n {4}profile: )ffmpeg/, '$1gpu');

describe('a function on a cluster', () => {
  it.each(functions.map(({ name, profile }) => [name, profiles[profile]?.run]))(
    '%s is a %s with a Trigger that filters on its name alone, and an account without a token',
    (name, run) => {
      const kind = run === 'job' ? 'JobSink' : 'Service';
      const objects = objectsOf({ 'one.yaml': files[`base/functions/${name}.yaml`] ?? '' });
      expect(objects.map((each) => each.kind)).toEqual(
        run === 'job'
          ? ['ServiceAccount', 'JobSink', 'EventPolicy', 'Trigger']
          : ['ServiceAccount', 'Service', 'Trigger'],
      );
      const trigger = objects.at(-1);
      expect(value(trigger, 'spec/filter')).toEqual({ attributes: { function: name } });
      expect(value(trigger, 'spec/subscriber/ref')).toMatchObject({ kind, name });
      expect(objects[0]?.automountServiceAccountToken).toBe(false);
    },
  );

  it('has both time limits of its profile, a little longer than its own', () => {
    const spec = value(found(files, 'Service', 'render-tts'), 'spec/template/spec');
    expect(spec).toMatchObject({
      timeoutSeconds: 330,
      responseStartTimeoutSeconds: 330,
      containerConcurrency: 2,
    });
    const longest = generated({ page: page.replace('timeout: 5m', 'timeout: 10m') });
    expect(value(found(longest, 'Service', 'render-tts'), 'spec/template/spec/timeoutSeconds')).toBe(600);
  });

  it('that uses YouTube finds cookies there, read-only, if there are any', () => {
    const text = page.replace(/(video\/mux-video:\n)/, '$1    uses: [youtube]\n');
    const spec = value(
      found(generated({ page: text }), 'JobSink', 'mux-video'),
      'spec/job/spec/template/spec',
    );
    expect(value(spec, 'volumes/1/secret')).toMatchObject({ secretName: 'millrace-cookies', optional: true });
    const mount = value(spec, 'containers/0/volumeMounts/1') as { mountPath: string; readOnly: boolean };
    expect(mount.readOnly).toBe(true);
    const [file] = Object.keys(
      (parse(files['secrets/cookies.yaml.example'] ?? '') as { stringData: object }).stringData,
    );
    const named = [{ name: 'DOWNLOAD_COOKIES', value: `${mount.mountPath}/${file}` }];
    expect(value(spec, 'containers/0/env')).toEqual(named);
    expect(describeVariables().map(({ name }) => name)).toContain('DOWNLOAD_COOKIES');
    expect(JSON.stringify(found(files, 'JobSink', 'mux-video'))).not.toContain('cookies');
  });

  it('as a Job ends, goes and never retries', () => {
    expect(value(found(files, 'JobSink', 'mux-video'), 'spec/job/spec')).toMatchObject({
      backoffLimit: 0,
      activeDeadlineSeconds: 2100,
      ttlSecondsAfterFinished: 3600,
    });
  });

  it('with GPUs stands in the overlay gpu alone, on the nodes that it asked for, as many as it asked for', () => {
    const gpu = generated({ page: onGpus });
    expect(gpu['base/functions/render-scene.yaml']).toBeUndefined();
    const sink = found(
      { 'one.yaml': gpu['overlays/gpu/functions/render-scene.yaml'] ?? '' },
      'JobSink',
      'render-scene',
    );
    expect(value(sink, 'spec/job/spec/template/spec')).toMatchObject({
      nodeSelector: { gpu: 'a100' },
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      containers: [{ resources: { requests: { 'nvidia.com/gpu': '2' }, limits: { 'nvidia.com/gpu': '2' } } }],
    });
    expect(gpu['overlays/gpu/Kustomization']).toContain('functions/render-scene.yaml');
    expect(value(found(gpu, 'ResourceQuota', 'gpus'), 'spec/hard')).toEqual({
      'requests.nvidia.com/gpu': '6',
    });
  });
});

describe('an image', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const imageOf = (of: Files) =>
    value(found(of, 'JobSink', 'mux-video'), 'spec/job/spec/template/spec/containers/0/image');

  it('is named by its version until one was pushed, then by version and digest', () => {
    expect(imageOf(files)).toBe('ghcr.io/millrace/mux-video:0.1.0');
    expect(imageOf(generated({ digests: `mux-video: 0.1.0@${digest}` }))).toBe(
      `ghcr.io/millrace/mux-video:0.1.0@${digest}`,
    );
  });

  it('of a version that is bumped and not pushed yet is still the one before, and so are its labels', () => {
    const between = generated({ versions: 'mux-video: 0.2.0', digests: `mux-video: 0.1.0@${digest}` });
    expect(imageOf(between)).toBe(`ghcr.io/millrace/mux-video:0.1.0@${digest}`);
    const sink = found(between, 'JobSink', 'mux-video');
    expect(value(sink, 'metadata/labels')).toMatchObject({ 'app.kubernetes.io/version': '0.1.0' });
    const pushed = generated({ versions: 'mux-video: 0.2.0', digests: `mux-video: 0.2.0@${digest}` });
    expect(imageOf(pushed)).toBe(`ghcr.io/millrace/mux-video:0.2.0@${digest}`);
  });

  it('with a digest that is none is refused', () => {
    expect(() => generated({ digests: 'mux-video: 0.1.0@sha256:abc' })).toThrow(
      /^digests\.yaml:1: mux-video: "0\.1\.0@sha256:abc" must read 0\.1\.0@sha256: and 64/,
    );
  });

  it.each([
    [
      'of nobody',
      `# Pushed.\nmux-vidoe: 0.1.0@${digest}`,
      'digests.yaml:2: mux-vidoe: versions.yaml does not name it; did you mean "mux-video"?',
    ],
    ['that is a list', 'mux-video: [a]', 'digests.yaml:1: mux-video: ["a"] must read 0.1.0@sha256:'],
    [
      'on a page that is no YAML',
      'mux-video: 0.1.0\nmux-video: 0.2.0',
      'digests.yaml:2: Map keys must be unique',
    ],
  ])('with a digest %s is refused in its line', (_, digests, reason) => {
    expect(() => generated({ digests })).toThrow(reason);
  });
});

describe('what a process is told', () => {
  /** Its settings and Secrets, by their names in the file of its name. */
  const toldTo = (path: string): string[] =>
    [...(files[path] ?? '').matchAll(/(?:configMapRef|secretRef):\n +name: (\S+)/g)].map(
      ([, name = '']) => name,
    );
  const ofFunction = (name: string) => toldTo(`base/functions/${name}.yaml`);

  it.each<[name: string, secrets: string[]]>([
    ['keyword-fetch', ['millrace-database', 'millrace-objects']],
    ['build-metadata', ['millrace-database', 'millrace-objects']],
    ['generate-script', ['millrace-database', 'millrace-objects', 'millrace-model']],
    ['render-tts', ['millrace-database', 'millrace-objects']],
    ['expire-runs', ['millrace-database', 'millrace-objects']],
  ])('%s has its own secrets and no other', (name, secrets) => {
    expect(ofFunction(name)).toEqual(['millrace-config', ...secrets]);
  });

  it.runIf(functions.some(({ name }) => name === 'send-push'))(
    'is of the installation’s keys, for whoever sends to browsers, the one for that alone',
    () => {
      const secrets = objectsOf({ 'one.yaml': files['base/functions/send-push.yaml'] ?? '' }).flatMap(
        (each) => JSON.stringify(each).match(/"secretName":"millrace-signing"[^}]*}/g) ?? [],
      );
      expect(secrets).toHaveLength(1);
      expect(secrets[0]).toContain('"items":[{"key":"push-key.json","path":"push-key.json"}');
    },
  );

  it('is a key of the model for nobody who does not need it', () => {
    const having = functions
      .map(({ name }) => name)
      .filter((name) => ofFunction(name).includes('millrace-model'));
    expect(having).toEqual(['generate-script']);
  });

  it.each<[part: string, told: string[]]>([
    ['scheduler', ['millrace-config', 'millrace-database']],
    ['adapter', ['millrace-config', 'millrace-database', 'millrace-objects', 'millrace-collector']],
    ['migration', ['millrace-database']],
  ])('of the platform: %s', (part, told) => {
    expect(toldTo(`base/platform/${part}.yaml`)).toEqual(told);
  });

  it('of the platform: whoever answers requests also sends spans', () => {
    for (const part of ['ingress', 'streams'])
      expect(toldTo(`base/platform/${part}.yaml`)).toEqual(
        expect.arrayContaining(['millrace-database', 'millrace-objects', 'millrace-collector']),
      );
  });

  it.each<[name: string, policy: string]>([
    ['send-email', 'mail'],
    ['refresh-calendar', 'web'],
  ])('%s reaches what the policy %s allows, and nobody else does', (name, policy) => {
    const selected = value(found(files, 'NetworkPolicy', policy), 'spec/podSelector/matchLabels') as object;
    const having = functions
      .map((fn) => fn.name)
      .filter((each) => {
        const service = objectsOf({ 'one.yaml': files[`base/functions/${each}.yaml`] ?? '' })[1];
        const given = value(service, 'spec/template/metadata/labels') as Record<string, string> | undefined;
        return Object.entries(selected).every(([key, wanted]) => given?.[key] === wanted);
      });
    expect(having).toEqual([name]);
  });

  it('is said of every port that a function needs', () => {
    const needed = functions.flatMap(
      ({ area, name }) => readFunction(join(functionsFolder, area, name, 'function.ts')).ports,
    );
    expect(needed.filter((port) => !Object.hasOwn(secretsOfPorts, port))).toEqual([]);
  });
});
