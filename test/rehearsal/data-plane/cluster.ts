import { tellOfPod } from './api-server-source.ts';
import { type Broker, createBroker } from './broker.ts';
import type { Clock } from './clock.ts';
import type { CloudEvent } from './cloud-event.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { type EndedPod, type JobSink, startJobSink } from './job-sink.ts';
import type { ContainerSpec, Manifests } from './manifests.ts';
import { type DeliverySpec, policyOf } from './policy.ts';
import type { Command } from './process.ts';
import { type Service, startService } from './service.ts';

/** Every function and process of a folder of manifests on an emulated data plane. */
export interface Cluster {
  readonly broker: Broker;
  readonly services: ReadonlyMap<string, Service>;
  readonly jobSinks: ReadonlyMap<string, JobSink>;
  readonly deployments: ReadonlyMap<string, Deployment>;
  /** Where something answers within the cluster. @throws Error where nothing has that name */
  url(name: string): string;
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly manifests: Manifests;
  readonly clock: Clock;
  readonly random: Iterator<number, never>;
  /** What an image starts, told from its name without registry and version; undefined: it is left out. */
  readonly command: (image: string, args: readonly string[]) => Command | undefined;
  /** What Secrets hold and what this place changes, besides the ConfigMaps. Asked when a process starts. */
  readonly environment: (cluster: { brokerUrl: string }) => Readonly<Record<string, string>>;
  /** Pods of one Service, and Jobs in all, for which this cluster has room. */
  readonly room: { readonly podsEach: number; readonly jobs: number };
  /** What becomes of an event that the Broker has accepted. */
  readonly fate?: (event: CloudEvent) => readonly number[];
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { manifests, clock, random, room, fate } = options;
  const services = new Map<string, Service>();
  const jobSinks = new Map<string, JobSink>();
  const deployments = new Map<string, Deployment>();
  const [spec] = manifests.brokers;
  if (spec === undefined) throw new Error('There is no Broker.');
  const broker = await createBroker({
    ...{ clock, random },
    ...(fate === undefined ? {} : { fate }),
    path: `/${spec.metadata.name}/${spec.metadata.name}`,
    asynchronous: spec.metadata.annotations['messaging.knative.dev/async-handler'] === 'true',
  });

  const command = ({ image, args }: ContainerSpec): Command | undefined =>
    options.command(image.replace(/^.*\//, '').replace(/[:@].*$/, ''), args);
  const environment =
    ({ envFrom }: ContainerSpec) =>
    (): Record<string, string> => ({
      ...Object.assign(
        {},
        ...envFrom.map(
          ({ configMapRef }) =>
            manifests.configMaps.find(({ metadata }) => metadata.name === configMapRef?.name)?.data,
        ),
      ),
      ...options.environment({ brokerUrl: broker.url }),
    });
  const place = places(room.jobs);
  function onPodEnd(pod: EndedPod): void {
    for (const { spec } of manifests.apiServerSources) {
      const { ref, uri } = spec.sink;
      void tellOfPod({ sink: new URL(uri, url(ref.name)).href, clock, pod });
    }
  }

  for (const { metadata, spec } of manifests.services) {
    const [container] = spec.template.spec.containers;
    const { annotations } = spec.template.metadata;
    const found = command(container);
    if (found === undefined) continue;
    const { name } = metadata;
    const service = await startService({
      clock,
      environment: environment(container),
      spec: {
        name,
        command: found,
        containerConcurrency: spec.template.spec.containerConcurrency,
        timeoutMs: spec.template.spec.timeoutSeconds * 1_000,
        responseStartTimeoutMs: spec.template.spec.responseStartTimeoutSeconds * 1_000,
        minScale: Number(annotations['autoscaling.knative.dev/min-scale'] ?? 0),
        maxScale: Math.min(
          Number(annotations['autoscaling.knative.dev/max-scale'] ?? room.podsEach),
          room.podsEach,
        ),
        podRetentionMs:
          Number.parseInt(
            annotations['autoscaling.knative.dev/scale-to-zero-pod-retention-period'] ?? '0',
            10,
          ) * 1_000,
      },
    });
    services.set(name, service);
  }
  for (const { metadata, spec } of manifests.jobSinks) {
    const { activeDeadlineSeconds: active, ttlSecondsAfterFinished: ttl, template } = spec.job.spec;
    const [container] = template.spec.containers;
    const found = command(container);
    if (found === undefined) continue;
    const { name } = metadata;
    const sink = await startJobSink({
      ...{ clock, place, onPodEnd, environment: environment(container) },
      spec: {
        ...{ name, command: found },
        activeDeadlineMs: active === undefined ? undefined : active * 1_000,
        ttlMs: ttl === undefined ? undefined : ttl * 1_000,
      },
    });
    jobSinks.set(name, sink);
  }
  for (const { metadata, spec } of manifests.deployments) {
    const [container] = spec.template.spec.containers;
    const found = command(container);
    if (found === undefined) continue;
    const { name } = metadata;
    const deployment = await startDeployment({
      ...{ name, command: found, clock, environment: environment(container) },
      count: spec.replicas,
    });
    deployments.set(name, deployment);
  }

  function url(name: string): string {
    const found = services.get(name) ?? jobSinks.get(name) ?? deployments.get(name);
    if (found === undefined) throw new Error(`The cluster has no ${name}.`);
    return found.url;
  }
  const deadLetters = ({ ref, uri = '/' }: NonNullable<DeliverySpec['deadLetterSink']>): string =>
    ref === undefined ? uri : new URL(uri, url(ref.name)).href;
  for (const { metadata, spec: wanted } of manifests.triggers) {
    const { name } = wanted.subscriber.ref;
    if (!services.has(name) && !jobSinks.has(name)) continue;
    broker.subscribe({
      ...wanted,
      name: metadata.name,
      subscriber: url(name),
      policy: policyOf(wanted.delivery ?? spec.spec.delivery, deadLetters),
    });
  }

  return {
    ...{ broker, services, jobSinks, deployments, url },
    async close() {
      await broker.close();
      const parts = [...services.values(), ...jobSinks.values(), ...deployments.values()];
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}

/** So many at once; the others wait for their turn. */
function places(count: number): () => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let free = count;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return leave;
  };
}
