import { Permanent } from '#shared/errors';
import type { Topology } from '#shared/topology';
import { application } from './argo-cd/application.ts';
import { project } from './argo-cd/project.ts';
import { smoke } from './argo-cd/smoke.ts';
import { baseObjects, functionFiles } from './base.ts';
import { type Environment, environments } from './environments.ts';
import type { Files, Objects, Source } from './folder.ts';
import { type Images, readImages } from './images.ts';
import { document, writeYaml } from './kubernetes/write-yaml.ts';
import { dashboards } from './monitoring/dashboards/index.ts';
import { databaseMonitors, monitors } from './monitoring/monitors.ts';
import { gpuRules, rules } from './monitoring/rules.ts';
import { databasePolicies } from './network/database-policies.ts';
import { gpuQuota } from './objects/gpu-quota.ts';
import { jobDeaths } from './objects/job-deaths.ts';
import { secretTemplates } from './objects/secrets.ts';
import {
  kafkaOverlay,
  kafkaSettings,
  rabbitmqNetwork,
  rabbitmqOverlay,
  toRabbitmq,
} from './overlays/broker-class.ts';
import { environmentOverlay } from './overlays/environment.ts';
import { gpuOverlay } from './overlays/gpu.ts';
import { kedaComponent, streamsScaler } from './overlays/keda.ts';
import type { Kustomization } from './overlays/kustomization.ts';
import { writeKustomization } from './overlays/write-kustomization.ts';
import { nameReferences, settings, settingsMap } from './platform/config-map.ts';
import { cluster } from './postgres/cluster.ts';
import { checkPlatformSessions } from './postgres/platform-sessions.ts';
import { pooler } from './postgres/pooler.ts';
import { checkRules } from './rules/check-rules.ts';
import { hostGrant, requestsHost, streamsHost } from './tls/hosts.ts';

const REFERENCES = 'name-references.yml';

/**
 * Everything that a cluster needs of `events.yaml`, as files of `knative/generated`, by their path there.
 *
 * @throws Permanent `cluster-refuses`, naming file, object and rule of what the webhooks of Knative would refuse;
 * `database-missing`, `platform-sessions`, `pool-too-large`, `digests-invalid`
 */
export function generatedManifests(read: Source): Files {
  const { topology, page } = read;
  const { database } = topology;
  if (database === undefined)
    throw new Permanent('database-missing', 'events.yaml:1: add database: { connections, platform }.');
  checkPlatformSessions(database, page);
  const images = readImages(read);
  const production = named('production');
  const gpu: Objects = {
    ...functionFiles(read, images, 'with a GPU'),
    'quota.yaml': [gpuQuota(topology)],
    'rules.yaml': [gpuRules],
  };
  return {
    ...base(read, images),
    ...folder(
      'components/postgres',
      { 'cluster.yaml': [cluster], 'pooler.yaml': [pooler(database)], 'network.yaml': databasePolicies },
      { kind: 'Component' },
    ),
    ...folder(
      'components/monitoring',
      { 'monitors.yaml': [...monitors, ...databaseMonitors], 'rules.yaml': [rules] },
      { kind: 'Component', page: dashboardMaps() },
    ),
    ...Object.fromEntries(
      Object.entries(dashboards).map(([name, page]) => [
        `components/monitoring/dashboards/${name}`,
        `${JSON.stringify(page, undefined, 2)}\n`,
      ]),
    ),
    ...folder(
      'components/keda',
      { 'streams.yaml': [streamsScaler] },
      { kind: 'Component', page: kedaComponent },
    ),
    ...folder('components/job-deaths', { 'source.yaml': jobDeaths }, { kind: 'Component' }),
    ...Object.assign({}, ...environments.map((each) => environmentFiles(each, topology, images))),
    ...folder('overlays/kafka', { 'settings.yaml': [kafkaSettings] }, { page: kafkaOverlay(production) }),
    ...folder(
      'overlays/rabbitmq',
      { 'network.yaml': [rabbitmqNetwork, toRabbitmq] },
      { page: rabbitmqOverlay(production) },
    ),
    ...folder('overlays/gpu', gpu, { page: gpuOverlay(Object.keys(gpu), production.namespace) }),
    ...secretFiles(),
  };
}

/** Settings are no file of their own: Kustomize makes their ConfigMap, with a name that changes with them. */
function base(read: Source, images: Images): Files {
  const objects = baseObjects(read, images);
  const page = {
    resources: Object.keys(objects),
    configMapGenerator: [settingsMap(settings)],
    configurations: [REFERENCES],
  };
  return { ...folder('base', objects, { page }), [`base/${REFERENCES}`]: document(nameReferences) };
}

function environmentFiles(environment: Environment, topology: Topology, images: Images): Files {
  const { name, hosts } = environment;
  const objects = {
    'hosts.yaml': [requestsHost(hosts), streamsHost(hosts)],
    'smoke.yaml': smoke(environment, images),
  };
  return {
    ...folder(`overlays/${name}`, objects, { page: environmentOverlay(environment, topology) }),
    [`cluster/${name}.yaml`]: checked(`cluster/${name}.yaml`, [hostGrant(hosts, environment.namespace)]),
    [`argo-cd/${name}.yaml`]: checked(`argo-cd/${name}.yaml`, [
      project(environment),
      application(environment),
    ]),
  };
}

function named(name: string): Environment {
  const found = environments.find((each) => each.name === name);
  if (found === undefined)
    throw new Permanent('environment-missing', `knative/environments.ts has no "${name}".`);
  return found;
}

/** The files of a folder, and the page that names them to Kustomize. */
function folder(
  path: string,
  objects: Objects,
  { page, kind = 'Kustomization' }: { page?: Kustomization; kind?: 'Kustomization' | 'Component' } = {},
): Files {
  return {
    [`${path}/Kustomization`]: writeKustomization({ resources: Object.keys(objects), ...page }, kind),
    ...Object.fromEntries(
      Object.entries(objects).map(([name, list]) => [`${path}/${name}`, checked(`${path}/${name}`, list)]),
    ),
  };
}

function checked(path: string, objects: Objects[string]): string {
  checkRules(path, objects);
  return writeYaml(objects);
}

/** Grafana's sidecar takes every ConfigMap of this label for a dashboard. */
function dashboardMaps(): Kustomization {
  return {
    resources: ['monitors.yaml', 'rules.yaml'],
    configMapGenerator: Object.keys(dashboards).map((file) => ({
      name: `dashboard-${file.replace('.json', '')}`,
      files: [`dashboards/${file}`],
      options: { labels: { grafana_dashboard: '1', 'app.kubernetes.io/part-of': 'millrace' } },
    })),
    generatorOptions: { disableNameSuffixHash: true },
  };
}

function secretFiles(): Files {
  const about = '# A template: copy it without .example, fill it in, apply it, and keep it out of Git.\n';
  return Object.fromEntries(
    Object.entries(secretTemplates()).map(([name, secret]) => [
      `secrets/${name}.yaml.example`,
      about + document(secret),
    ]),
  );
}
