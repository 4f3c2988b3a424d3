/** What the generated files take for given; an overlay or the operator changes it. */
export const NAMESPACE = 'millrace';
export const REGISTRY = 'ghcr.io/millrace';
/** Everything of the platform that is no function: ingress, scheduler, adapter, migrations. */
export const PLATFORM_IMAGE = 'platform';
export const BROKER = 'millrace';
export const CONFIG = 'millrace-config';
/** Every process listens here; Knative sets PORT, and refuses a page that does. */
export const PORT = 8080;

/** Namespaces of what a cluster must have; pods there may speak to ours. */
export const namespaces = {
  serving: 'knative-serving',
  eventing: 'knative-eventing',
  gateway: 'kourier-system',
  monitoring: 'monitoring',
  argoCd: 'argocd',
  dns: 'kube-system',
  postgresOperator: 'cnpg-system',
};

/** The platform's own processes: how many there may be, and the sessions of each with the database. */
export const platform = {
  // The ninth listens for what other replicas tell, past the pooler, which knows no listening.
  ingress: { min: 2, max: 10, sessions: 9, listening: 1 },
  streams: { min: 2, max: 10, sessions: 9, listening: 1 },
  scheduler: { replicas: 2, sessions: 4 },
  adapter: { replicas: 2, sessions: 4 },
  migration: { sessions: 2 },
};
