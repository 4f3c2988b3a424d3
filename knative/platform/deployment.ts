import type { Images } from '../images.ts';
import { PLATFORM_IMAGE } from '../installation.ts';
import { labels, selects } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { SecretName } from '../objects/secrets.ts';
import type { PodFigures } from '../pod/resources.ts';
import { podSpec } from './pod-spec.ts';
import { spreadOf } from './spread.ts';

/** A part of the platform that always runs. A pod more is there before one goes. */
export function deployment(options: {
  name: string;
  images: Images;
  figures: PodFigures;
  /** Left out where a HorizontalPodAutoscaler decides. */
  replicas?: number;
  keys?: 'signing keys';
  secrets: readonly SecretName[];
  /** What it alone has. */
  envFrom?: readonly object[];
}): KubernetesObject {
  const { name, images, replicas, figures, keys, secrets, envFrom = [] } = options;
  const all = labels({ name, component: 'platform', version: images.version(PLATFORM_IMAGE) });
  const pod = {
    name,
    images,
    figures,
    secrets,
    spread: spreadOf(name),
    envFrom,
    ...(keys === undefined ? {} : { keys }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: all },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      revisionHistoryLimit: 3,
      selector: { matchLabels: selects(name) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels: all }, spec: podSpec(pod) },
    },
  };
}

/** The address of a Deployment within the cluster. */
export function address(name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: labels({ name, component: 'platform' }) },
    spec: {
      selector: selects(name),
      ports: [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'http', protocol: 'TCP' }],
    },
  };
}

/** A node that is emptied takes no more than one pod at a time. */
export function disruptionBudget(name: string): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, labels: labels({ name, component: 'platform' }) },
    spec: { maxUnavailable: 1, selector: { matchLabels: selects(name) } },
  };
}
