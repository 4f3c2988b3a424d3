import { namespaces } from '../installation.ts';

/** All pods of a namespace. */
export const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** Pods of our own namespace. */
export const ours = (matchLabels: Readonly<Record<string, string>>) => ({ podSelector: { matchLabels } });

/** Everywhere but where clouds hand out credentials to whoever asks from a node. */
export const outside = {
  ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] },
};

export const tcp = (...ports: readonly (number | string)[]) =>
  ports.map((port) => ({ protocol: 'TCP', port }));

export const knative = [
  inNamespace(namespaces.serving),
  inNamespace(namespaces.eventing),
  inNamespace(namespaces.gateway),
];
