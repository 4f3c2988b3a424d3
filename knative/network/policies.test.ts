import { describe, expect, it } from 'vitest';
import { readTopology } from '#shared/topology';
import { namespaces, PORT } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { found, generated, objectsOf, page, value } from '../testing/generated.ts';

const files = generated();
const policies = objectsOf({ 'network.yaml': files['base/network.yaml'] ?? '' });
const { functions, profiles } = readTopology({ path: 'events.yaml', text: page });
const services = functions.filter(({ profile }) => profiles[profile]?.run === 'service');

interface Rule {
  readonly from: readonly {
    readonly namespaceSelector?: { readonly matchLabels?: Record<string, string> };
  }[];
  readonly ports: readonly { readonly port: number }[];
}

const labelsOf = (service: KubernetesObject) =>
  value(service, 'spec/template/metadata/labels') as Record<string, string>;

/** Ports of these pods that some policy opens to all pods of a namespace. */
function openTo(namespace: string, labels: Readonly<Record<string, string>>): readonly number[] {
  const about = policies.filter(({ spec }) =>
    Object.entries((value(spec, 'podSelector/matchLabels') ?? {}) as object).every(
      ([key, wanted]) => labels[key] === wanted,
    ),
  );
  return about
    .flatMap(({ spec }) => ((spec as { ingress?: readonly Rule[] }).ingress ?? []) as readonly Rule[])
    .filter(({ from }) =>
      from.some(
        ({ namespaceSelector }) =>
          namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] === namespace,
      ),
    )
    .flatMap(({ ports }) => ports.map(({ port }) => port));
}

describe.each(['ingress', ...services.map(({ name }) => name)])('pods of %s', (name) => {
  const labels = labelsOf(found(files, 'Service', name));

  it('tell Knative’s autoscaler how busy they are, at the port where queue-proxy does', () => {
    expect(openTo(namespaces.serving, labels)).toContain(9090);
  });

  it('take requests from gateway and activator alone', () => {
    expect(openTo(namespaces.gateway, labels)).toContain(8012);
    expect(openTo(namespaces.gateway, labels)).not.toContain(9090);
    expect(openTo(namespaces.monitoring, labels)).toEqual([PORT]);
  });
});

describe('Prometheus', () => {
  it('asks at no port that is only there with a flag of Knative, whose silence would be an alert', () => {
    const ports = objectsOf({ 'monitors.yaml': files['components/monitoring/monitors.yaml'] ?? '' })
      .flatMap(({ spec }) => [value(spec, 'podMetricsEndpoints/0/port'), value(spec, 'endpoints/0/port')])
      .filter((port) => port !== undefined);
    expect(ports.length).toBeGreaterThan(4);
    expect(ports).not.toContain('http-usermetric');
  });

  it('asks each pod of ingress once', () => {
    const { name, part } = { name: 'app.kubernetes.io/name', part: 'app.kubernetes.io/part-of' };
    const labels = {
      ...labelsOf(found(files, 'Service', 'ingress')),
      'serving.knative.dev/service': 'ingress',
    };
    expect(labels).toMatchObject({ [name]: 'ingress', [part]: 'millrace' });
    const asking = objectsOf({ 'monitors.yaml': files['components/monitoring/monitors.yaml'] ?? '' })
      .filter(({ kind }) => kind === 'PodMonitor')
      .filter(({ spec }) => selected((spec as { selector: Selector }).selector, labels));
    expect(asking.map(({ metadata }) => metadata.name)).toEqual(['ingress']);
  });
});

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

/** Whether a label selector of Kubernetes takes an object of these labels. */
function selected(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, wanted]) => labels[key] === wanted) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const has = labels[key];
      if (operator === 'Exists') return has !== undefined;
      if (operator === 'DoesNotExist') return has === undefined;
      return operator === 'In' ? values.includes(has ?? '') : !values.includes(has ?? '');
    })
  );
}
