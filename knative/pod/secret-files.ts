import type { TopologyFunction } from '#shared/topology';
import type { FunctionWants } from '../functions/read-function.ts';
import { COOKIES_FILE, secrets } from '../objects/secrets.ts';
import { DATA_DIR } from '../platform/config-map.ts';
import { READABLE } from './volumes.ts';

interface SecretFiles {
  /** Of the variable that names the file, where the process cannot know it. */
  readonly variable?: { readonly name: string; readonly value: string };
  readonly volume: { readonly name: string; readonly secret: object };
  readonly mount: { readonly name: string; readonly mountPath: string; readonly readOnly: true };
}

/** The provider whose doors open to a browser's cookies. */
const PROVIDER = 'youtube';

const COOKIES_DIR = '/var/run/secrets/millrace/cookies';

/** The cookies of a download, read-only and only where they were given: the process copies them to /tmp as it joins. */
const cookies: SecretFiles = {
  variable: { name: 'DOWNLOAD_COOKIES', value: `${COOKIES_DIR}/${COOKIES_FILE}` },
  volume: { name: 'cookies', secret: { secretName: secrets.cookies, optional: true, defaultMode: READABLE } },
  mount: { name: 'cookies', mountPath: COOKIES_DIR, readOnly: true },
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

/** Files of Secrets that a function reads, and the variables that name them: `env` is for its container. */
export function secretFiles(
  { uses = [] }: TopologyFunction,
  { ports }: FunctionWants,
): { volumes: object[]; mounts: object[]; env: { env?: object[] } } {
  const all = [...(uses.includes(PROVIDER) ? [cookies] : []), ...(ports.includes(PUSH) ? [pushKey] : [])];
  const variables = all.flatMap(({ variable = [] }) => variable);
  return {
    volumes: all.map(({ volume }) => volume),
    mounts: all.map(({ mount }) => mount),
    env: variables.length === 0 ? {} : { env: variables },
  };
}
