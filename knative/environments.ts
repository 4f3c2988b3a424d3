import type { Hosts } from './tls/hosts.ts';

/** Where the platform is installed, and what is different there. */
export interface Environment {
  readonly name: string;
  readonly namespace: string;
  readonly hosts: Hosts;
  /** How the names of its buckets begin. AWS gives each name to one account in the world: put your own before it. */
  readonly buckets: string;
  readonly logLevel: 'debug' | 'info';
  /** Most pods of each part: a tenth of what events.yaml says, or all of it. */
  readonly size: 'small' | 'full';
  /** The ledger: kept in the namespace by CloudNativePG, or a Postgres that the Secret `millrace-database` names. */
  readonly database: 'here' | 'elsewhere';
  /** Of this repository, what Argo CD keeps there. */
  readonly revision: string;
}

export const environments: readonly Environment[] = [
  {
    name: 'dev',
    namespace: 'millrace-dev',
    hosts: { api: 'api.dev.millrace.example', app: 'app.dev.millrace.example' },
    buckets: 'millrace-dev',
    logLevel: 'debug',
    size: 'small',
    database: 'here',
    revision: 'main',
  },
  {
    name: 'staging',
    namespace: 'millrace-staging',
    hosts: { api: 'api.staging.millrace.example', app: 'app.staging.millrace.example' },
    buckets: 'millrace-staging',
    logLevel: 'info',
    size: 'small',
    database: 'here',
    revision: 'main',
  },
  {
    name: 'production',
    namespace: 'millrace',
    hosts: { api: 'api.millrace.example', app: 'app.millrace.example' },
    buckets: 'millrace',
    logLevel: 'info',
    size: 'full',
    database: 'here',
    // Moved on by the pipeline, to a commit that staging has run and whose smoke test it has passed.
    revision: 'production',
  },
];
