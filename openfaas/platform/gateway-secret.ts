import type { KubernetesObject } from '../../knative/kubernetes/object.ts';

const NAME = 'millrace-gateway';

/** A template of what the gateway asks for: its chart has it in the Secret `basic-auth` of the namespace `openfaas`. */
export const gatewaySecret: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: NAME },
  type: 'Opaque',
  stringData: { OPENFAAS_USER: 'admin', OPENFAAS_PASSWORD: 'CHANGE-ME' },
};

/** How a process gets it. */
export const gatewayAccess = { secretRef: { name: NAME } };
