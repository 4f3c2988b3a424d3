import { settingsMap } from '../../knative/platform/config-map.ts';
import { settings } from '../stack/environment.ts';

/** Where OpenFaaS's own chart puts its gateway. */
const GATEWAY_URL = 'http://gateway.openfaas.svc.cluster.local:8080';

/** What the platform's processes are told. */
export const platformSettings = settingsMap({
  ...settings,
  TRUST_PROXY: 'true',
  OPENFAAS_URL: GATEWAY_URL,
});
