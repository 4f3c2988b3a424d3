import type { Images } from '../images.ts';
import { PLATFORM_IMAGE, PORT } from '../installation.ts';
import type { SecretName } from '../objects/secrets.ts';
import { environmentOf } from '../pod/environment.ts';
import { type PodFigures, resources } from '../pod/resources.ts';
import { containerSecurity, podSecurity } from '../pod/security.ts';
import { tmpMount, tmpVolume } from '../pod/volumes.ts';
import { signingKeys } from './signing-keys.ts';

/** Seconds that a pod serves on while the cluster learns that it goes. */
const LEAVING_SECONDS = 5;
const GRACE_SECONDS = 60;

const probe = (path: string, more: object): object => ({
  httpGet: { path, port: 'http' },
  timeoutSeconds: 3,
  ...more,
});

/** The pod of a part of the platform that always runs: `args` says which part it is. */
export function podSpec(options: {
  name: string;
  images: Images;
  figures: PodFigures;
  keys?: 'signing keys';
  spread?: object;
  secrets: readonly SecretName[];
  /** What it alone has. */
  envFrom?: readonly object[];
}): object {
  const { name, images, figures, keys, secrets, spread = {}, envFrom = [] } = options;
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...spread,
    containers: [
      {
        name,
        image: images.reference(PLATFORM_IMAGE),
        args: [name],
        envFrom: [...environmentOf(secrets), ...envFrom],
        env: [{ name: 'PORT', value: String(PORT) }],
        ports: [{ name: 'http', containerPort: PORT }],
        startupProbe: probe('/health', { periodSeconds: 1, failureThreshold: 60 }),
        readinessProbe: probe('/ready', { periodSeconds: 5, failureThreshold: 3 }),
        livenessProbe: probe('/health', { periodSeconds: 10, failureThreshold: 3 }),
        lifecycle: { preStop: { sleep: { seconds: LEAVING_SECONDS } } },
        resources: resources(figures),
        securityContext: containerSecurity,
        volumeMounts: [tmpMount, ...(keys === undefined ? [] : [signingKeys.mount])],
      },
    ],
    volumes: [tmpVolume(figures.tmpBytes), ...(keys === undefined ? [] : [signingKeys.volume])],
  };
}
