import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readTopology } from '#shared/topology';
import type { KubernetesObject } from './kubernetes/object.ts';
import { kafkaSettings } from './overlays/broker-class.ts';
import { found, generated, page, value } from './testing/generated.ts';

const read = (path: string) => readFileSync(new URL(`../docs/${path}`, import.meta.url), 'utf8');
const guide = read('knative.md');
const { functions } = readTopology({ path: 'events.yaml', text: page });
const profileOf = new Map(functions.map(({ name, profile }) => [name, profile]));

/** The cells of each row of the table whose first heading is `function`. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  (/\n\| function \|.*\n\|[-|]+\n((?:\|.*\n)+)/.exec(text)?.[1] ?? '')
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const names = (cell = '') => cell.split(/[,\s]+/);

describe('a table of functions', () => {
  const profiles = rowsOf(guide);
  const bundles = rowsOf(read('images.md'));

  it.each(functions)('has $name once, with its profile, and how large its bundle is', ({ name, profile }) => {
    const rows = profiles.filter(([first]) => names(first).includes(name));
    expect(rows, `rows of ${name} in docs/knative.md, Profiles`).toHaveLength(1);
    const [first = '', , , ours] = rows[0] ?? [];
    // Once in a row, and that of all functions there.
    expect(new Set(names(first).map((each) => profileOf.get(each)))).toEqual(new Set([profile]));
    expect(ours).toContain(`\`${profile}\``);
    const sizes = bundles.filter(
      ([cell]) => names(cell).includes(name) || (profile === 'light' && cell?.includes('profile `light`')),
    );
    expect(sizes, `rows of ${name} in docs/images.md, A bundle`).toHaveLength(1);
  });

  it('names nothing that is no function, no part of the platform and no kind of either', () => {
    const known = ['ingress', 'streams', 'scheduler', 'adapter', 'settings', ...profileOf.keys()];
    const others = profiles
      .map(([first = '']) => first)
      .filter((first) => !/^(commands|a function) /.test(first));
    expect(others.flatMap(names).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('another class of Broker', () => {
  const objects = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, text = '']) =>
    parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject),
  );

  it('on RabbitMQ finds the settings that the guide says to make', () => {
    const overlay = generated()['overlays/rabbitmq/Kustomization'] ?? '';
    const settings = objects.find(({ kind }) => kind === 'RabbitmqBrokerConfig');
    for (const said of [
      `apiVersion: ${settings?.apiVersion}`,
      `kind: ${settings?.kind}`,
      `name: ${settings?.metadata.name}`,
      `namespace: ${settings?.metadata.namespace}`,
    ])
      expect(overlay).toContain(said);
    const cluster = objects.find(({ kind }) => kind === 'RabbitmqCluster');
    expect(value(settings, 'spec/rabbitmqClusterReference')).toEqual({
      name: cluster?.metadata.name,
      namespace: cluster?.metadata.namespace,
    });
    // Queues are made beside the Broker, of a cluster elsewhere, which must allow that.
    expect(cluster?.metadata.annotations?.['rabbitmq.com/topology-allowed-namespaces']).toBe(
      value(found(generated(), 'Application', 'millrace-production'), 'spec/destination/namespace'),
    );
  });

  it('on Kafka is told where Kafka is, which the guide says too', () => {
    expect(guide).toContain(`\`${value(kafkaSettings, 'data/bootstrap.servers')}\``);
  });
});

it('the guide offers no flag with which the Broker would refuse our wake-ups, which carry no token', () => {
  // A token of an audience is a projected volume; the Broker takes one whose audience is its own.
  expect(Object.values(generated()).join('\n')).not.toContain('serviceAccountToken:');
  const paragraph = guide.split('\n\n').filter((each) => each.includes('authentication-oidc'));
  expect(paragraph).toHaveLength(1);
  expect(paragraph[0]?.replaceAll('\n', ' ')).toContain('`authentication-oidc` of Eventing must stay off');
});
