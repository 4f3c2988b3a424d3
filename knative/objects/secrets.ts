import type { KubernetesObject } from '../kubernetes/object.ts';

export const secrets = {
  database: 'millrace-database',
  objects: 'millrace-objects',
  model: 'millrace-model',
  mail: 'millrace-mail',
  collector: 'millrace-collector',
  signing: 'millrace-signing',
  cookies: 'millrace-cookies',
  metrics: 'millrace-metrics',
  ledgerOwner: 'ledger-owner',
};

/** The file in the Secret `cookies`. */
export const COOKIES_FILE = 'cookies.txt';

export type SecretName = keyof typeof secrets;

const secret = (name: string, stringData: Record<string, string>, type = 'Opaque'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  type,
  stringData,
});

/** Templates by name of file. They hold no secret: an operator copies them, fills them in and keeps them out of Git. */
export function secretTemplates(): Readonly<Record<string, KubernetesObject>> {
  return {
    database: secret(secrets.database, {
      // Through the pooler, and past it for migrations.
      DATABASE_URL: 'postgresql://millrace:CHANGE-ME@ledger-pooler:5432/millrace',
      DATABASE_DIRECT_URL: 'postgresql://millrace:CHANGE-ME@ledger-rw:5432/millrace',
    }),
    'ledger-owner': secret(
      secrets.ledgerOwner,
      { username: 'millrace', password: 'CHANGE-ME' },
      'kubernetes.io/basic-auth',
    ),
    objects: secret(secrets.objects, { AWS_ACCESS_KEY_ID: 'CHANGE-ME', AWS_SECRET_ACCESS_KEY: 'CHANGE-ME' }),
    // Where the offline writer shall not write scripts.
    model: secret(secrets.model, {
      LANGUAGE_MODEL: 'openai-compatible',
      OPENAI_BASE_URL: 'https://api.openai.com/v1',
      OPENAI_MODEL: 'CHANGE-ME',
      OPENAI_API_KEY: 'CHANGE-ME',
    }),
    // Without it mails are kept as files, and go with their pod.
    mail: secret(secrets.mail, {
      SMTP_URL: 'smtps://millrace:CHANGE-ME@mail.example.org',
      MAIL_FROM: 'Millrace <millrace@example.org>',
    }),
    // Where spans are sent.
    collector: secret(secrets.collector, {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.monitoring:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=CHANGE-ME',
    }),
    signing: secret(secrets.signing, {
      // Both are written into data/keys by the first `npx millrace start` of an installation.
      'token-key.json': 'CHANGE-ME',
      'link-key': 'CHANGE-ME',
      'push-key.json': 'CHANGE-ME',
    }),
    // `npx millrace token --owner prometheus --role admin --days 365`, with the keys above.
    metrics: secret(secrets.metrics, { token: 'CHANGE-ME' }),
    // In Netscape's format, tab-separated, as browsers' extensions export it.
    cookies: secret(secrets.cookies, { [COOKIES_FILE]: '# Netscape HTTP Cookie File\n' }),
  };
}
