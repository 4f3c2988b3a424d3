import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { filterSpec } from './filter.ts';
import { deliverySpec } from './policy.ts';

const named = z.object({
  name: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
});
const reference = z.object({ kind: z.string(), name: z.string() });
const container = z.object({
  image: z.string(),
  args: z.array(z.string()).default([]),
  envFrom: z
    .array(
      z.object({
        configMapRef: z.object({ name: z.string() }).optional(),
        secretRef: z.object({ name: z.string() }).optional(),
      }),
    )
    .default([]),
});
const template = z.object({ spec: z.object({ containers: z.tuple([container]) }) });

const broker = z.object({
  kind: z.literal('Broker'),
  metadata: named,
  spec: z.object({ delivery: deliverySpec.optional() }),
});
const trigger = z.object({
  kind: z.literal('Trigger'),
  metadata: named,
  spec: filterSpec.extend({
    broker: z.string(),
    subscriber: z.object({ ref: reference }),
    delivery: deliverySpec.optional(),
  }),
});
const service = z.object({
  kind: z.literal('Service'),
  apiVersion: z.literal('serving.knative.dev/v1'),
  metadata: named,
  spec: z.object({
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
      spec: template.shape.spec.extend({
        containerConcurrency: z.int().min(0),
        timeoutSeconds: z.int(),
        responseStartTimeoutSeconds: z.int(),
      }),
    }),
  }),
});
const jobSink = z.object({
  kind: z.literal('JobSink'),
  metadata: named,
  spec: z.object({
    job: z.object({
      spec: z.object({
        backoffLimit: z.literal(0),
        activeDeadlineSeconds: z.int().optional(),
        ttlSecondsAfterFinished: z.int().optional(),
        template,
      }),
    }),
  }),
});
const deployment = z.object({
  kind: z.literal('Deployment'),
  metadata: named,
  spec: z.object({ replicas: z.int().default(1), template }),
});
const apiServerSource = z.object({
  kind: z.literal('ApiServerSource'),
  metadata: named,
  spec: z.object({
    mode: z.literal('Resource'),
    sink: z.object({ ref: reference, uri: z.string() }),
  }),
});
const configMap = z.object({
  kind: z.literal('ConfigMap'),
  metadata: named,
  data: z.record(z.string(), z.string()),
});

export type ContainerSpec = z.infer<typeof container>;

/** The objects of some manifests that the data plane acts on. */
export interface Manifests {
  readonly brokers: readonly z.infer<typeof broker>[];
  readonly triggers: readonly z.infer<typeof trigger>[];
  readonly services: readonly z.infer<typeof service>[];
  readonly jobSinks: readonly z.infer<typeof jobSink>[];
  readonly deployments: readonly z.infer<typeof deployment>[];
  /** All of them are about pods of Jobs. */
  readonly apiServerSources: readonly z.infer<typeof apiServerSource>[];
  readonly configMaps: readonly z.infer<typeof configMap>[];
}

/** @throws ZodError where one of them says what is not emulated */
export function readManifests(...folders: readonly string[]): Manifests {
  const paths = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  const objects = paths
    .filter((path) => path.endsWith('.yaml'))
    .flatMap((path) => parseAllDocuments(readFileSync(path, 'utf8')))
    .map((document) => document.toJS() as { kind: string; apiVersion: string });
  const all = <Schema extends z.ZodType>(kind: string, schema: Schema, api = ''): z.infer<Schema>[] =>
    objects
      .filter((each) => each.kind === kind && each.apiVersion.startsWith(api))
      .map((each) => schema.parse(each));
  return {
    brokers: all('Broker', broker),
    triggers: all('Trigger', trigger),
    services: all('Service', service, 'serving.knative.dev/'),
    jobSinks: all('JobSink', jobSink),
    deployments: all('Deployment', deployment),
    apiServerSources: all('ApiServerSource', apiServerSource),
    configMaps: [...all('ConfigMap', configMap), ...paths.flatMap(generatedMaps)],
  };
}

/** As Kustomize makes them, whose suffix of a name goes into every reference. */
const kustomization = z.object({
  configMapGenerator: z
    .array(z.object({ name: z.string(), literals: z.array(z.string()).default([]) }))
    .default([]),
});

function generatedMaps(path: string): Manifests['configMaps'] {
  if (!path.endsWith('Kustomization')) return [];
  const { configMapGenerator } = kustomization.parse(parse(readFileSync(path, 'utf8')));
  return configMapGenerator.map(({ name, literals }) => ({
    kind: 'ConfigMap',
    metadata: { name, annotations: {} },
    data: Object.fromEntries(
      literals.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
  }));
}
