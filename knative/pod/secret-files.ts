import type { TopologyFunction } from '#shared/topology';
import type { FunctionWants } from '../functions/read-function.ts';
import { secrets } from '../objects/secrets.ts';
import { DATA_DIR } from '../platform/config-map.ts';
import { READABLE } from './volumes.ts';

interface SecretFiles {
  readonly volume: { readonly name: string; readonly secret: object };
  readonly mount: { readonly name: string; readonly mountPath: string; readonly readOnly: true };
}

/** The provider whose doors open to a browser's cookies. */
const PROVIDER = 'youtube';

/** The cookies of a download, read-only and only where they were given: whoever uses them copies them to /tmp first. */
const cookies: SecretFiles = {
  volume: { name: 'cookies', secret: { secretName: secrets.cookies, optional: true, defaultMode: READABLE } },
  mount: { name: 'cookies', mountPath: '/var/run/secrets/millrace/cookies', readOnly: true },
};

/** The port that signs what browsers are sent, and its key: of the installation's keys this one, and none that signs tokens. */
const PUSH = 'webPush';
const PUSH_KEY = 'push-key.json';
const pushKey: SecretFiles = {
  volume: {
    name: 'push-key',
    secret: {
      secretName: secrets.signing,
      optional: true,
      defaultMode: READABLE,
      items: [{ key: PUSH_KEY, path: PUSH_KEY }],
    },
  },
  mount: { name: 'push-key', mountPath: `${DATA_DIR}/keys`, readOnly: true },
};

/** Files of Secrets that a function reads. */
export function secretFiles(
  { uses = [] }: TopologyFunction,
  { ports }: FunctionWants,
): { volumes: object[]; mounts: object[] } {
  const all = [...(uses.includes(PROVIDER) ? [cookies] : []), ...(ports.includes(PUSH) ? [pushKey] : [])];
  return { volumes: all.map(({ volume }) => volume), mounts: all.map(({ mount }) => mount) };
}
