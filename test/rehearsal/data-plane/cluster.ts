import { tellOfPod } from './api-server-source.ts';
import { type Broker, createBroker } from './broker.ts';
import type { Clock } from './clock.ts';
import type { CloudEvent } from './cloud-event.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { type EndedPod, type JobSink, startJobSink } from './job-sink.ts';
import type { ContainerSpec, Manifests } from './manifests.ts';
import { type DeliverySpec, policyOf } from './policy.ts';
import type { Command } from './process.ts';
import { places } from './room.ts';
import { type Service, startService } from './service.ts';
import { jobSinkSpec, serviceSpec } from './specs.ts';

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
  const place = places(room.jobs);

  const command = ({ image, args }: ContainerSpec): Command | undefined =>
    options.command(image.replace(/^.*\//, '').replace(/[:@].*$/, ''), args);
  /** What ConfigMaps say, then what this place says in place of Secrets. */
  function environment({ envFrom }: ContainerSpec): () => Record<string, string> {
    const maps = envFrom.map(
      ({ configMapRef }) =>
        manifests.configMaps.find(({ metadata }) => metadata.name === configMapRef?.name)?.data,
    );
    return () => Object.assign({}, ...maps, options.environment({ brokerUrl: broker.url }));
  }
  function url(name: string): string {
    const found = services.get(name) ?? jobSinks.get(name) ?? deployments.get(name);
    if (found === undefined) throw new Error(`The cluster has no ${name}.`);
    return found.url;
  }
  /** Of a dead-letter sink, or the sink of a source. */
  const sinkUrl = ({ ref, uri = '/' }: NonNullable<DeliverySpec['deadLetterSink']>): string =>
    ref === undefined ? uri : new URL(uri, url(ref.name)).href;
  function onPodEnd(pod: EndedPod): void {
    for (const { spec } of manifests.apiServerSources)
      void tellOfPod({ sink: sinkUrl(spec.sink), clock, pod });
  }
  async function close(): Promise<void> {
    await broker.close();
    const parts = [...services.values(), ...jobSinks.values(), ...deployments.values()];
    await Promise.all(parts.map((part) => part.close()));
  }

  async function startAll(): Promise<void> {
    for (const manifest of manifests.services) {
      const [container] = manifest.spec.template.spec.containers;
      const found = command(container);
      if (found === undefined) continue;
      const own = { ...serviceSpec(manifest), command: found };
      const spec = { ...own, maxScale: Math.min(own.maxScale, room.podsEach) };
      services.set(spec.name, await startService({ spec, clock, environment: environment(container) }));
    }
    for (const manifest of manifests.jobSinks) {
      const [container] = manifest.spec.job.spec.template.spec.containers;
      const found = command(container);
      if (found === undefined) continue;
      const spec = { ...jobSinkSpec(manifest), command: found };
      const around = { clock, place, onPodEnd, environment: environment(container) };
      jobSinks.set(spec.name, await startJobSink({ spec, ...around }));
    }
    for (const { metadata, spec } of manifests.deployments) {
      const [container] = spec.template.spec.containers;
      const found = command(container);
      if (found === undefined) continue;
      const own = { name: metadata.name, command: found, count: spec.replicas };
      deployments.set(
        own.name,
        await startDeployment({ ...own, clock, environment: environment(container) }),
      );
    }
    for (const { metadata, spec: wanted } of manifests.triggers) {
      const { name } = wanted.subscriber.ref;
      if (!services.has(name) && !jobSinks.has(name)) continue;
      const policy = policyOf(wanted.delivery ?? spec?.spec.delivery, sinkUrl);
      broker.subscribe({ ...wanted, name: metadata.name, subscriber: url(name), policy });
    }
  }

  await startAll().catch(async (error) => {
    await close();
    throw error;
  });
  return { broker, services, jobSinks, deployments, url, close };
}
