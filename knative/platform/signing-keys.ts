import { secrets } from '../objects/secrets.ts';
import { READABLE } from '../pod/volumes.ts';
import { DATA_DIR } from './config-map.ts';

/** The keys that tokens are signed with: every replica has the same, and none can write them. */
export const signingKeys = {
  volume: { name: 'signing-keys', secret: { secretName: secrets.signing, defaultMode: READABLE } },
  mount: { name: 'signing-keys', mountPath: `${DATA_DIR}/keys`, readOnly: true },
};
