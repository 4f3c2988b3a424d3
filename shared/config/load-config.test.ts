import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Permanent } from '#shared/errors';
import { inheritedEnvironment, loadConfig, ownEnvironment, Secret } from './index.ts';

function refusalOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(Permanent);
    expect(error).toMatchObject({ code: 'config-invalid' });
    return (error as Permanent).message;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('needs nothing: every variable has a default', () => {
    expect(loadConfig({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      dataDir: resolve('data'),
      databaseUrl: undefined,
      databaseDirectUrl: undefined,
      objects: 'filesystem',
      s3: {
        endpoint: undefined,
        region: undefined,
        addressing: 'virtual-host',
        publicEndpoint: undefined,
      },
      transport: 'postgres',
      aws: { endpoint: undefined, region: undefined },
      buckets: { inbox: 'millrace-inbox', artifacts: 'millrace-artifacts' },
      inbox: { owner: 'me', owners: undefined },
      queuePrefix: 'millrace',
      publicUrl: 'http://localhost:8080',
      givenPublicUrl: undefined,
      mail: { from: { name: 'Millrace', address: 'millrace@localhost' } },
      keyRotationDays: 90,
      rateLimit: 100,
      trustProxy: false,
      ffmpegBin: undefined,
      logLevel: 'info',
      languageModel: { provider: 'offline' },
      outboundAllow: [],
      keepRunsDays: undefined,
      leftoverDays: 7,
      sweepPagesPerMinute: 6,
    });
  });

  it('treats an empty variable as one that is not set', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ' })).toEqual(loadConfig({}));
  });

  it('takes port 0, a data folder with spaces, and a model', () => {
    const config = loadConfig({
      PORT: '0',
      DATA_DIR: '/srv/my data',
      TRUST_PROXY: 'yes',
      LANGUAGE_MODEL: 'openai-compatible',
      OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1',
      OPENAI_API_KEY: 'sk-very-private',
      OPENAI_MODEL: 'qwen3:8b',
    });
    expect(config.port).toBe(0);
    expect(config.dataDir).toBe('/srv/my data');
    expect(config.trustProxy).toBe(true);
    expect(config.languageModel).toMatchObject({ provider: 'openai-compatible', model: 'qwen3:8b' });
  });

  it('takes S3 and SQS elsewhere, in a region that such servers know', () => {
    const given = { TRANSPORT: 'sqs', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
    expect(loadConfig(given)).toMatchObject({
      transport: 'sqs',
      aws: { endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' },
    });
    expect(loadConfig({ ...given, AWS_REGION: 'eu-central-1' }).aws.region).toBe('eu-central-1');
  });

  it('finds S3 at its own endpoint, or where AWS is; path-style there, virtual-host at AWS', () => {
    const s3Of = (given: Record<string, string>) => loadConfig({ OBJECTS: 's3', ...given }).s3;
    const common = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
    expect(s3Of({})).toMatchObject({ endpoint: undefined, addressing: 'virtual-host' });
    expect(s3Of(common)).toMatchObject({
      endpoint: 'http://127.0.0.1:4566',
      region: 'us-east-1',
      addressing: 'path',
    });
    expect(
      s3Of({ ...common, AWS_ENDPOINT_URL_S3: 'http://minio:9000', S3_ADDRESSING: 'virtual-host' }),
    ).toMatchObject({ endpoint: 'http://minio:9000', addressing: 'virtual-host' });
  });

  it('needs to know where the Broker is that carries wake-ups', () => {
    expect(refusalOf({ TRANSPORT: 'broker' })).toContain(
      'BROKER_URL is not set; set it to a URL like http://',
    );
    const BROKER_URL = 'http://broker/millrace/millrace';
    expect(loadConfig({ TRANSPORT: 'broker', BROKER_URL })).toMatchObject({ brokerUrl: BROKER_URL });
  });

  it('hears of files by the queue where wake-ups come by one, else by a webhook, and as it is told', () => {
    const noticesOf = (given: Record<string, string>) => loadConfig(given).notices;
    const broker = { OBJECTS: 's3', TRANSPORT: 'broker', BROKER_URL: 'http://broker' };
    expect(noticesOf({ TRANSPORT: 'sqs', OBJECTS: 's3' })).toBe('queue');
    expect(noticesOf(broker)).toBe('webhook');
    expect(noticesOf({ ...broker, NOTICES: 'queue' })).toBe('queue');
    expect(noticesOf({ NOTICES: 'queue' })).toBeUndefined();
  });

  it('refuses one bucket for two roles', () => {
    expect(refusalOf({ OBJECTS: 's3', ARTIFACTS_BUCKET: 'one', INBOX_BUCKET: 'one' })).toContain(
      'of its own',
    );
  });

  it.each([
    'mail.example.org:587',
    'http://mail.example.org',
    'smtp://mail.example.org?tls=never',
    'smtp://',
  ])('refuses to send mails by %s, and does not show it', (url) => {
    const refusal = refusalOf({ SMTP_URL: url });
    expect(refusal).toContain('a URL like smtps://');
    expect(refusal).not.toContain(`"${url}"`);
  });

  it('takes a mail server, a sender with a name, and where people reach it', () => {
    const config = loadConfig({
      SMTP_URL: 'smtps://me:word@mail.example.org',
      MAIL_FROM: 'The Mill <mill@example.org>',
      PUBLIC_URL: 'https://example.org/mill/',
      APP_URL: 'https://app.example.org/',
    });
    expect(config.mail.smtpUrl?.reveal()).toBe('smtps://me:word@mail.example.org');
    expect(config.mail.from).toEqual({ name: 'The Mill', address: 'mill@example.org' });
    expect(config.publicUrl).toBe('https://example.org/mill');
    expect(config.givenPublicUrl).toBe('https://example.org/mill');
    expect(config.appUrl).toBe('https://app.example.org{path}');
    const template = 'https://app.example.org/#/open/{kind}/{subject}?told={notification}';
    expect(loadConfig({ APP_URL: template }).appUrl).toBe(template);
    expect(loadConfig({ MAIL_FROM: 'mill@example.org' }).mail.from).toEqual({
      name: '',
      address: 'mill@example.org',
    });
  });

  it('uses the one database for migrations too, unless a direct one is named', () => {
    const url = 'postgres://m:p@db/m';
    expect(loadConfig({ DATABASE_URL: url }).databaseDirectUrl?.reveal()).toBe(url);
  });

  it.each([
    ['PORT', '80o80', 'a whole number from 0 to 65535'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number'],
    ['PORT', '8e3', 'a whole number'],
    ['HOST', 'my host', 'a host name or address'],
    ['DATA_DIR', 'a\0b', 'a folder'],
    ['OBJECTS', 'ftp', 'filesystem or s3'],
    ['AWS_ENDPOINT_URL_S3', 'minio:9000', 'a URL like'],
    ['S3_PUBLIC_ENDPOINT', 'files.example.org', 'a URL like'],
    ['S3_ADDRESSING', 'host', 'path (endpoint/bucket/key)'],
    ['TRANSPORT', 'kafka', 'postgres, sqs or broker'],
    ['BROKER_URL', 'broker-ingress/millrace', 'a URL like http://'],
    ['NOTICES', 'mail', 'queue (SQS) or webhook'],
    ['AWS_ENDPOINT_URL', 'localhost:4566', 'a URL like http://'],
    ['AWS_REGION', 'Frankfurt am Main', 'a region such as'],
    ['INBOX_OWNER', 'my self', 'without spaces'],
    ['INBOX_OWNERS', 'anybody', 'prefix ({owner}'],
    ['INBOX_BUCKET', 'My_Bucket', 'the name of a bucket'],
    ['QUEUE_PREFIX', 'my.queues', 'letters, digits, dashes'],
    ['PUBLIC_URL', 'millrace.example.org', 'a URL like https://'],
    ['PUBLIC_URL', 'https://example.org/?a=b', 'a URL like https://'],
    ['APP_URL', 'app.example.org', 'a URL like https://app'],
    ['APP_URL', 'javascript:{path}', 'a URL like https://app'],
    ['APP_URL', 'https://{kind}.example.org', 'a URL like https://app'],
    ['APP_URL', 'https://app.example.org/{name}', '{path}, {kind}, {subject}'],
    ['APP_URL', 'https://app.example.org/?open=', 'a URL like https://app'],
    ['APP_URL', 'ftp://app.example.org/{path}', 'a URL like https://app'],
    ['MAIL_FROM', 'Millrace', 'an address like'],
    ['MAIL_FROM', 'a@b.org, c@d.org', 'an address like'],
    ['MAIL_FROM', 'Millrace <a@b.org>\r\nBcc: c@d.org', 'an address like'],
    ['KEY_ROTATION_DAYS', '1', 'from 2 to'],
    ['RATE_LIMIT', '0', 'from 1 to'],
    ['RATE_LIMIT', '1.5', 'a whole number'],
    ['TRUST_PROXY', 'maybe', 'true or false'],
    ['LOG_LEVEL', 'loud', 'one of trace, debug'],
    ['LANGUAGE_MODEL', 'gpt', 'offline or openai-compatible'],
    ['OPENAI_BASE_URL', 'file:///etc/passwd', 'a URL like https://'],
    ['MODEL_TIMEOUT_SECONDS', '601', 'from 1 to 600'],
    ['MODEL_MAX_TOKENS', '1', 'from 100 to 200000'],
    ['KEEP_RUNS_DAYS', '0', 'from 1 to 36500'],
    ['LEFTOVER_DAYS', '400', 'from 1 to 365'],
    ['SWEEP_PAGES', '0', 'from 1 to 600'],
  ])('refuses %s=%j and says what it must be', (name, value, rule) => {
    const message = refusalOf({ [name]: value });
    expect(message).toContain(`${name}=${JSON.stringify(value)}`);
    expect(message).toContain(rule);
  });

  it('names all problems at once', () => {
    const message = refusalOf({ PORT: 'x', LOG_LEVEL: 'y', TRUST_PROXY: 'z' });
    expect(message.split('\n')).toHaveLength(4);
  });

  it('asks for what a model needs instead of falling back to the offline writer', () => {
    const message = refusalOf({ LANGUAGE_MODEL: 'openai-compatible', OPENAI_MODEL: 'm' });
    expect(message).toContain('OPENAI_BASE_URL is not set');
    expect(message).toContain('OPENAI_API_KEY is not set');
    expect(message).not.toContain('OPENAI_MODEL');
  });

  it('asks for DATABASE_URL where only the direct one is given', () => {
    expect(refusalOf({ DATABASE_DIRECT_URL: 'postgres://a/b' })).toContain('DATABASE_URL is not set');
  });

  it('never shows a secret, right or wrong', () => {
    for (const name of ['OPENAI_BASE_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'])
      expect(refusalOf({ [name]: 'https://me:hunter2@host/v1' })).toContain(`${name}="https://…@host/v1"`);
    expect(refusalOf({ DATABASE_URL: 'mysql://root:hunter2@db/x' })).not.toContain('hunter2');
    const config = loadConfig({ DATABASE_URL: 'postgres://root:hunter2@db/x' });
    for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 }), `${config.databaseUrl}`]) {
      expect(shown).toContain('[secret]');
      expect(shown).not.toContain('hunter2');
    }
    expect(config.databaseUrl?.reveal()).toContain('hunter2');
  });
});

describe('inheritedEnvironment', () => {
  it('hands programs the machine but none of our settings or secrets', () => {
    const inherited = inheritedEnvironment({
      PATH: '/bin',
      OPENAI_API_KEY: 'k',
      DATABASE_URL: 'u',
      AWS_X: 'y',
    });
    expect(inherited).toEqual({ PATH: '/bin' });
  });
});

describe('ownEnvironment', () => {
  it('hands our own processes what the AWS SDK reads as well', () => {
    const own = ownEnvironment({ PATH: '/bin', OPENAI_API_KEY: 'k', AWS_ROLE_ARN: 'r' });
    expect(own).toEqual({ PATH: '/bin', AWS_ROLE_ARN: 'r' });
  });
});

describe('Secret', () => {
  it('is opaque to string conversion', () => {
    expect(`${new Secret('a')}${JSON.stringify([new Secret('a')])}`).toBe('[secret]["[secret]"]');
  });
});
