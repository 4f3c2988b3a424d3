import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeVariables } from '#shared/config';
import { readTopology } from '#shared/topology';
import { environments } from './environments.ts';
import type { Files } from './folder.ts';
import { readFunction } from './functions/read-function.ts';
import { settings } from './platform/config-map.ts';
import { secretsOfPorts } from './pod/environment.ts';
import { DIRECT } from './postgres/figures.ts';
import { directSessions, platformSessions } from './postgres/platform-sessions.ts';
import { found, functionsFolder, generated, objectsOf, page } from './testing/generated.ts';

const files = generated();
const { functions, profiles } = readTopology({ path: 'events.yaml', text: page });
/** The page with render-scene on GPUs. */
const onGpus = page
  .replace(
    'profiles:\n',
    'profiles:\n  gpu: { run: job, cpu: "8", memory: 16Gi, gpu: 2, timeout: 30m, nodeSelector: { gpu: a100 }, tolerations: [{ key: nvidia.com/gpu }], scale: { min: 0, max: 3 } }\n',
  )
  .replace(/(video\/render-scene:\n {4}profile: )ffmpeg/, '$1gpu');

const value = (object: unknown, path: string): unknown =>
  path
    .split('/')
    .reduce<unknown>((here, step) => (here as Record<string, unknown> | undefined)?.[step], object);

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
    expect(value(spec, 'containers/0/volumeMounts/1')).toMatchObject({ readOnly: true });
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
    ['adapter', ['millrace-config', 'millrace-database', 'millrace-objects']],
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

describe('the platform', () => {
  it('has two of what must not be gone, spread over zones and nodes, emptied one at a time', () => {
    for (const name of ['scheduler', 'adapter', 'streams']) {
      const deployment = found(files, 'Deployment', name);
      expect(value(deployment, 'spec/template/spec/topologySpreadConstraints/0/topologyKey')).toContain(
        'zone',
      );
      expect(value(deployment, 'spec/template/spec/affinity/podAntiAffinity')).toBeDefined();
      expect(value(deployment, 'spec/strategy/rollingUpdate/maxUnavailable')).toBe(0);
      expect(value(found(files, 'PodDisruptionBudget', name), 'spec/maxUnavailable')).toBe(1);
    }
    expect(value(found(files, 'Deployment', 'scheduler'), 'spec/replicas')).toBe(2);
    // Whoever says how many there are takes them from the autoscaler at each sync.
    expect(value(found(files, 'Deployment', 'streams'), 'spec/replicas')).toBeUndefined();
    expect(value(found(files, 'HorizontalPodAutoscaler', 'streams'), 'spec/minReplicas')).toBe(2);
  });

  it('holds no more sessions than events.yaml leaves to it, or says so', () => {
    expect(platformSessions()).toBeLessThanOrEqual(240);
    expect(directSessions()).toBeLessThanOrEqual(DIRECT);
    expect(() => generated({ page: page.replace('platform: 240', 'platform: 100') })).toThrow(
      /^events\.yaml:\d+: database\.platform: 100 is below \d+/,
    );
    expect(() => generated({ page: page.replace(/database: .*/, '') })).toThrow(
      /add database: \{ connections, platform \}/,
    );
  });

  it('denies what it does not allow, and lets no pod ask a cloud for credentials', () => {
    expect(found(files, 'NetworkPolicy', 'deny-all').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [],
    });
    const blocks = JSON.stringify(objectsOf(files).filter(({ kind }) => kind === 'NetworkPolicy')).match(
      /"ipBlock":\{[^}]*\}/g,
    );
    for (const block of blocks ?? []) expect(block).toContain('169.254.0.0/16');
  });

  it('mounts a token of the API server for one account, which is optional', () => {
    const tokens = objectsOf(files).filter((each) => each.automountServiceAccountToken === true);
    expect(tokens.map(({ metadata }) => metadata.name)).toEqual(['job-deaths']);
    for (const { name } of environments)
      expect(files[`overlays/${name}/Kustomization`]).not.toContain('job-deaths');
  });

  it('is migrated once all is there that the migration needs, and before the rest comes', () => {
    const wave = (kind: string, name: string) =>
      Number(found(files, kind, name).metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
    const migration = wave('Job', 'migrate-0-1-0');
    for (const [kind, name] of [
      ['Namespace', 'millrace'],
      ['ServiceAccount', 'migrate'],
      ['NetworkPolicy', 'work'],
      ['Cluster', 'ledger'],
      ['Pooler', 'ledger-pooler'],
    ] as const)
      expect(wave(kind, name), `${kind} ${name}`).toBeLessThan(migration);
    for (const name of ['scheduler', 'adapter', 'streams'])
      expect(wave('Deployment', name)).toBeGreaterThan(migration);
  });

  it('is told nothing that no process reads', () => {
    const known = describeVariables().map(({ name }) => name);
    // The SDK's own, and the address of the transport `broker`.
    const others = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'BROKER_URL'];
    const templates = ['database', 'objects', 'model', 'mail', 'collector'].map(
      (name) => (parse(files[`secrets/${name}.yaml.example`] ?? '') as { stringData: object }).stringData,
    );
    const told = [settings, ...templates].flatMap((each) => Object.keys(each));
    expect(told).toContain('DATABASE_URL');
    expect(told.filter((name) => ![...known, ...others].includes(name))).toEqual([]);
  });

  it('shares no name with a function', () => {
    const text = page.replace('video/place-video:', 'video/scheduler:');
    expect(() => generated({ page: text })).toThrow(
      /^events\.yaml:\d+: functions\.video\/scheduler: "scheduler" is a part of the platform; .* "scheduler-video"/,
    );
  });

  it('holds no secret: templates alone, which no overlay names', () => {
    expect(objectsOf(files).filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const templates = Object.keys(files).filter((path) => path.startsWith('secrets/'));
    expect(templates.every((path) => path.endsWith('.yaml.example'))).toBe(true);
    for (const [path, text] of Object.entries(files))
      if (path.endsWith('Kustomization')) expect(text).not.toContain('secrets/');
  });
});

describe('what belongs to the cluster', () => {
  it.each(environments)(
    'grants the host of $name to its namespace, and is in no overlay',
    ({ name, hosts, namespace }) => {
      const [grant, ...more] = objectsOf({ 'one.yaml': files[`cluster/${name}.yaml`] ?? '' });
      expect(more).toEqual([]);
      expect(grant).toEqual({
        apiVersion: 'networking.internal.knative.dev/v1alpha1',
        kind: 'ClusterDomainClaim',
        metadata: { name: hosts.api, labels: { 'app.kubernetes.io/part-of': 'millrace' } },
        spec: { namespace },
      });
      const mapped = objectsOf({ 'one.yaml': files[`overlays/${name}/hosts.yaml`] ?? '' });
      expect(mapped.find(({ kind }) => kind === 'DomainMapping')?.metadata.name).toBe(hosts.api);
      for (const [path, text] of Object.entries(files))
        if (path.endsWith('Kustomization')) expect(text).not.toContain('cluster/');
    },
  );
});

describe('Argo CD', () => {
  it.each(environments)(
    'keeps $name as its branch says, in its own namespace',
    ({ name, namespace, revision }) => {
      const application = found(files, 'Application', `millrace-${name}`);
      expect(application.spec).toMatchObject({
        source: { targetRevision: revision, path: `knative/generated/overlays/${name}` },
        destination: { namespace },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      });
      expect(found(files, 'AppProject', `millrace-${name}`).spec).toMatchObject({
        destinations: [{ namespace }],
        clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
      });
    },
  );
});

describe('every Kustomization', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace manifests '));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  afterAll(() => rmSync(folder, { recursive: true }));
  const hasKubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
  const overlays = Object.keys(files).filter((path) => /^overlays\/.*Kustomization$/.test(path));

  it('names files that are there, and every object stands in one', () => {
    const named = new Set<string>();
    for (const [path, text] of Object.entries(files)) {
      if (!path.endsWith('Kustomization')) continue;
      const { resources = [], components = [] } = parse(text) as {
        resources?: string[];
        components?: string[];
      };
      for (const each of [...resources, ...components]) {
        const to = normalize(join(dirname(path), each));
        named.add(to);
        expect(files[to] ?? files[`${to}/Kustomization`], `${path} names ${each}`).toBeDefined();
      }
    }
    const alone = Object.keys(files).filter(
      (path) => path.endsWith('.yaml') && !/^(argo-cd|cluster)\//.test(path) && !named.has(path),
    );
    expect(alone).toEqual([]);
  });

  it.runIf(hasKubectl)('takes KEDA and the reasons of Jobs’ deaths where it names them', () => {
    const mine = join(folder, 'overlays', 'mine');
    mkdirSync(mine);
    writeFileSync(
      join(mine, 'kustomization.yaml'),
      'namespace: millrace\nresources: [../production]\ncomponents: [../../components/keda, ../../components/job-deaths]\n',
    );
    const built = spawnSync('kubectl', ['kustomize', mine], { encoding: 'utf8' });
    const kinds = objectsOf({ 'built.yaml': built.stdout }).map(({ kind }) => kind);
    expect(kinds).toContain('ScaledObject');
    expect(kinds).toContain('ApiServerSource');
    // Two autoscalers of one Deployment would fight.
    expect(kinds).not.toContain('HorizontalPodAutoscaler');
  });

  it.runIf(hasKubectl)(
    'follows Secrets of an operator’s own overlay, so that pods with another key are new pods',
    () => {
      const own = join(folder, 'overlays', 'own');
      mkdirSync(own);
      const made = ['millrace-model', 'millrace-signing', 'millrace-database'].map(
        (name) => `  - { name: ${name}, literals: [A=1] }\n`,
      );
      writeFileSync(
        join(own, 'kustomization.yaml'),
        `namespace: millrace\nresources: [../production]\nsecretGenerator:\n${made.join('')}`,
      );
      const built = spawnSync('kubectl', ['kustomize', own], { encoding: 'utf8' });
      expect(built.stderr).toBe('');
      const text = built.stdout;
      const namesOf = (secret: string) => [
        ...new Set(text.match(new RegExp(`(?<=name: |secretName: )${secret}.*`, 'gi'))),
      ];
      for (const secret of ['millrace-model', 'millrace-signing', 'millrace-database'])
        expect(namesOf(secret)).toEqual([expect.stringMatching(new RegExp(`^${secret}-[a-z0-9]{10}$`))]);
    },
  );

  it.runIf(hasKubectl).each(overlays)('%s is built by Kustomize, all of it in one namespace', (path) => {
    const built = spawnSync('kubectl', ['kustomize', dirname(join(folder, path))], { encoding: 'utf8' });
    expect(built.stderr).toBe('');
    const objects = objectsOf({ 'built.yaml': built.stdout });
    const { namespace } = parse(files[path] ?? '') as { namespace: string };
    const elsewhere = objects.filter(
      (each) => each.kind !== 'Namespace' && each.metadata.namespace !== namespace,
    );
    expect(elsewhere.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
    expect(objects.find(({ kind }) => kind === 'Namespace')?.metadata.name).toBe(namespace);
    const settings = objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('millrace-config-'),
    );
    expect(value(settings, 'data/BROKER_URL')).toContain(namespace);
    // Every pod that reads settings reads these: with others it is another pod.
    const named = objects.flatMap((each) => JSON.stringify(each).match(/"millrace-config[^"]*"/g) ?? []);
    expect([...new Set(named)]).toEqual([JSON.stringify(settings?.metadata.name)]);
    expect(named.length).toBeGreaterThan(functions.length);
  });
});
