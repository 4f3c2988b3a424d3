import { CONFIG } from '../installation.ts';
import { secrets } from '../objects/secrets.ts';

/** Settings, and the secrets that every process needs; each of them is one of `npx millrace --help`. */
export const environment: readonly object[] = [
  { configMapRef: { name: CONFIG } },
  { secretRef: { name: secrets.database } },
  { secretRef: { name: secrets.objects } },
  // A model behind an API, a collector of spans: not every installation has one.
  { secretRef: { name: secrets.providers, optional: true } },
];
