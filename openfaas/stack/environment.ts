import type { FunctionWants } from '../../knative/functions/read-function.ts';
import { seconds } from '../../knative/kubernetes/quantity.ts';
import { settings as onKnative } from '../../knative/platform/config-map.ts';
import type { ClusterReady } from '../../knative/pod/figures.ts';

/** Where OpenFaaS mounts the secrets of a function, a file each; never in its environment, which its API shows. */
const SECRETS_DIR = '/var/openfaas/secrets';
/** A function ends itself at its time limit and tells the ledger; its request lives a little longer. */
const TELLING_SECONDS = 30;

/** Secrets of every function, by the name of their file; each must be there when a function is deployed. */
export const secrets = {
  database: 'database-url',
  direct: 'database-direct-url',
  objects: 'aws-credentials',
};

/** The server that sends mails, and whom they come from. */
const OF_MAIL = ['smtp-url', 'mail-from'];

/**
 * Secrets of one function. Whoever sends mails is not deployed without those of a server: it would keep them as files, which
 * go with their pod, and call them sent.
 */
export function secretsOf({ ports }: FunctionWants): readonly string[] {
  return [...Object.values(secrets), ...(ports.includes('mail') ? OF_MAIL : [])];
}

/** What the platform's settings on Knative are here too; {@link settings} says what is not. */
const { BROKER_URL: _, TRUST_PROXY: __, ...alike } = onKnative;

/** An operator's own value goes into the environment of `faas-cli`, which puts it in place of the default. */
const DEFAULTS = ['AWS_REGION', 'INBOX_BUCKET', 'ARTIFACTS_BUCKET', 'PUBLIC_URL', 'APP_URL', 'LOG_LEVEL'];

/** Settings of every process on OpenFaaS. Commits tell of due work by SQS, which the dispatcher listens to. */
export const settings: Readonly<Record<string, string>> = {
  ...alike,
  TRANSPORT: 'sqs',
  QUEUE_PREFIX: 'millrace',
};

/** What one function is told. The words in lower case are the watchdog's own, where an image has one. */
export function environmentOf({ timeoutMs }: ClusterReady): Readonly<Record<string, string>> {
  const limit = `${seconds(timeoutMs) + TELLING_SECONDS}s`;
  return {
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        name,
        DEFAULTS.includes(name) || name === 'TRANSPORT' ? `\${${name}:-${value}}` : value,
      ]),
    ),
    SECRETS_DIR,
    AWS_SHARED_CREDENTIALS_FILE: `${SECRETS_DIR}/${secrets.objects}`,
    exec_timeout: limit,
    read_timeout: limit,
    write_timeout: limit,
  };
}
