import type { TopologyFunction } from '#shared/topology';
import { secrets } from '../objects/secrets.ts';
import { READABLE } from './volumes.ts';

/** The provider whose doors open to a browser's cookies. */
const PROVIDER = 'youtube';

/** The cookies of a download, read-only and only where they were given: whoever uses them copies them to /tmp first. */
const cookies = {
  volume: { name: 'cookies', secret: { secretName: secrets.cookies, optional: true, defaultMode: READABLE } },
  mount: { name: 'cookies', mountPath: '/var/run/secrets/millrace/cookies', readOnly: true },
};

export function cookieVolumes({ uses = [] }: TopologyFunction): { volumes: object[]; mounts: object[] } {
  return uses.includes(PROVIDER)
    ? { volumes: [cookies.volume], mounts: [cookies.mount] }
    : { volumes: [], mounts: [] };
}
