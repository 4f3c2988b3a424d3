import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeVariables } from '#shared/config';
import { readTopology } from '#shared/topology';
import { environments } from './environments.ts';
import { environmentOverlay } from './overlays/environment.ts';
import { writeKustomization } from './overlays/write-kustomization.ts';
import { settings } from './platform/config-map.ts';
import { DIRECT } from './postgres/figures.ts';
import { directSessions, platformSessions } from './postgres/platform-sessions.ts';
import { found, generated, objectsOf, page, value } from './testing/generated.ts';

const files = generated();
const topology = readTopology({ path: 'events.yaml', text: page });
const { functions } = topology;

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

  it.runIf(hasKubectl).each(environments)(
    'of an operator’s own takes KEDA and the reasons of Jobs’ deaths on $name where it names them',
    ({ name, namespace }) => {
      const mine = join(folder, 'overlays', `mine-${name}`);
      mkdirSync(mine);
      writeFileSync(
        join(mine, 'kustomization.yaml'),
        `namespace: ${namespace}\nresources: [../${name}]\ncomponents: [../../components/keda, ../../components/job-deaths]\n`,
      );
      const built = spawnSync('kubectl', ['kustomize', mine], { encoding: 'utf8' });
      const objects = objectsOf({ 'built.yaml': built.stdout });
      const kinds = objects.map(({ kind }) => kind);
      expect(kinds).toContain('ApiServerSource');
      // Two autoscalers of one Deployment would fight.
      expect(kinds).not.toContain('HorizontalPodAutoscaler');
      const scaler = objects.find(({ kind }) => kind === 'ScaledObject');
      // Streams of other environments in the cluster are not ours to have pods for.
      expect(value(scaler, 'spec/triggers/0/metadata/query')).toBe(
        `sum(millrace_http_open_streams{app="streams",namespace="${namespace}"})`,
      );
    },
  );

  it.runIf(hasKubectl).each(environments)(
    'of $name with a database elsewhere has all but the one here, which its Secret alone names',
    (environment) => {
      const { name } = environment;
      const elsewhere = join(folder, 'overlays', `${name}-elsewhere`);
      mkdirSync(elsewhere);
      for (const file of ['hosts.yaml', 'smoke.yaml'])
        writeFileSync(join(elsewhere, file), files[`overlays/${name}/${file}`] ?? '');
      writeFileSync(
        join(elsewhere, 'kustomization.yaml'),
        writeKustomization(environmentOverlay({ ...environment, database: 'elsewhere' }, topology)),
      );
      const named = (path: string) => {
        const built = spawnSync('kubectl', ['kustomize', path], { encoding: 'utf8' });
        expect(built.stderr).toBe('');
        return objectsOf({ 'built.yaml': built.stdout }).map(
          ({ kind, metadata }) => `${kind} ${metadata.name}`,
        );
      };
      const without = named(elsewhere);
      const gone = named(join(folder, 'overlays', name)).filter((each) => !without.includes(each));
      expect(gone.sort()).toEqual(['Cluster ledger', 'NetworkPolicy database', 'Pooler ledger-pooler']);
      // Addresses of Postgres and PgBouncer may lie anywhere.
      expect(JSON.stringify(found(files, 'NetworkPolicy', 'work').spec)).toMatch(
        /"ipBlock".*?"ports":\[[^\]]*"port":5432[^\]]*"port":6432/,
      );
    },
  );

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
    // Others in the cluster must not hide that nobody keeps time here.
    const rules = objects.flatMap(({ kind, spec }) =>
      kind === 'PrometheusRule' ? (JSON.stringify(spec).match(/absent\(.*?\)/g) ?? []) : [],
    );
    expect(rules).toEqual([`absent(millrace_ledger_up{namespace=\\"${namespace}\\"})`]);
    // Every pod that reads settings reads these: with others it is another pod.
    const named = objects.flatMap((each) => JSON.stringify(each).match(/"millrace-config[^"]*"/g) ?? []);
    expect([...new Set(named)]).toEqual([JSON.stringify(settings?.metadata.name)]);
    expect(named.length).toBeGreaterThan(functions.length);
  });
});
