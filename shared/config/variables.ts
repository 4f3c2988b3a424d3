import {
  appUrl,
  baseUrl,
  httpUrl,
  mailbox,
  matching,
  networks,
  oneOf,
  path,
  postgresUrl,
  type Reader,
  secret,
  smtpUrl,
  whole,
  yesOrNo,
} from './readers.ts';

/** One environment variable: how it is read, and what people are told about it. */
interface Variable<Value> {
  readonly read: Reader<Value>;
  /** What a right value is, after "must be". */
  readonly rule: string;
  readonly about: string;
  readonly secret?: true;
}

/** One that has a value where it is not set. */
interface VariableWithDefault<Value> extends Variable<Value> {
  readonly otherwise: NoInfer<Value>;
}

function variable<Value>(definition: VariableWithDefault<Value>): VariableWithDefault<Value>;
function variable<Value>(definition: Variable<Value>): Variable<Value>;
function variable<Value>(definition: Variable<Value>): Variable<Value> {
  return definition;
}

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const BUCKET_RULE = 'the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes';
const POSTGRES_URL = 'a URL like postgres://user:password@host:5432/database';

/** Every variable that Millrace reads. An empty one counts as not set. */
export const variables = {
  PORT: variable({
    read: whole({ min: 0, max: 65_535 }),
    otherwise: 8080,
    rule: 'a whole number from 0 to 65535 (0 takes any free port)',
    about: 'Port of the HTTP interface. Default 8080.',
  }),
  HOST: variable({
    read: matching(/^[A-Za-z0-9.:_-]{1,253}$/),
    otherwise: '127.0.0.1',
    rule: 'a host name or address (127.0.0.1 for this machine only, 0.0.0.0 for every network)',
    about: 'Address to listen on. Default 127.0.0.1: this machine only.',
  }),
  DATA_DIR: variable({
    read: path,
    otherwise: 'data',
    rule: 'a folder',
    about: 'Folder of the database, the files and the keys. Default ./data.',
  }),
  SECRETS_DIR: variable({
    read: path,
    rule: 'a folder',
    about:
      'Folder with a file for each variable that is not set: database-url is DATABASE_URL. Default: none.',
  }),
  DATABASE_URL: variable({
    read: postgresUrl,
    rule: POSTGRES_URL,
    about: 'An outside Postgres (15 or newer) in place of the embedded one.',
    secret: true,
  }),
  DATABASE_DIRECT_URL: variable({
    read: postgresUrl,
    rule: POSTGRES_URL,
    about: 'The same database past its pooler, for migrations. Default DATABASE_URL.',
    secret: true,
  }),
  OBJECTS: variable({
    read: oneOf(['filesystem', 's3']),
    otherwise: 'filesystem',
    rule: 'filesystem or s3',
    about: 'Where files are kept: filesystem (default) or s3.',
  }),
  AWS_ENDPOINT_URL_S3: variable({
    read: httpUrl,
    rule: 'a URL like http://127.0.0.1:9000',
    about: 'Where S3 alone answers (MinIO, Garage …). Default AWS_ENDPOINT_URL.',
  }),
  S3_PUBLIC_ENDPOINT: variable({
    read: httpUrl,
    rule: 'a URL like https://files.example.org',
    about: 'Where browsers reach the same buckets to send files. Default: where we reach them.',
  }),
  S3_ADDRESSING: variable({
    read: oneOf(['path', 'virtual-host']),
    rule: 'path (endpoint/bucket/key) or virtual-host (bucket.endpoint/key)',
    about: 'How buckets are addressed. Default path with an endpoint, virtual-host with AWS.',
  }),
  TRANSPORT: variable({
    read: oneOf(['postgres', 'sqs', 'broker']),
    otherwise: 'postgres',
    rule: 'postgres, sqs or broker',
    about: 'What carries wake-ups: postgres (default), sqs, or broker (Knative).',
  }),
  BROKER_URL: variable({
    read: httpUrl,
    rule: 'a URL like http://broker-ingress.knative-eventing.svc.cluster.local/millrace/millrace',
    about: 'Where the Broker takes wake-ups, with TRANSPORT=broker.',
  }),
  OPENFAAS_URL: variable({
    read: httpUrl,
    rule: 'a URL like http://gateway.openfaas.svc.cluster.local:8080',
    about: 'The gateway that the dispatcher sends wake-ups to.',
  }),
  OPENFAAS_USER: variable({
    read: matching(/^[\x21-\x39\x3b-\x7e]{1,200}$/),
    otherwise: 'admin',
    rule: '1 to 200 ASCII characters without spaces and colons',
    about: 'Who the dispatcher is to the gateway. Default admin.',
  }),
  OPENFAAS_PASSWORD: variable({
    read: secret(matching(/^[\x21-\x7e]{1,1000}$/)),
    rule: 'a password without spaces',
    about: 'Its password. Default: it sends none.',
    secret: true,
  }),
  OPENFAAS_INVOKE: variable({
    read: oneOf(['function', 'async-function']),
    otherwise: 'function',
    rule: 'function (waits for the end of the work) or async-function (by the queue of OpenFaaS)',
    about: 'How the gateway calls functions: function (default) or async-function.',
  }),
  AWS_ENDPOINT_URL: variable({
    read: httpUrl,
    rule: 'a URL like http://127.0.0.1:4566',
    about: 'Where S3 and SQS answer (LocalStack, MiniStack, MinIO …). Default: AWS itself.',
  }),
  AWS_REGION: variable({
    read: matching(/^[a-z0-9-]{1,40}$/),
    rule: 'a region such as eu-central-1',
    about: 'Region of S3 and SQS. Default: that of the AWS profile; us-east-1 with AWS_ENDPOINT_URL.',
  }),
  INBOX_BUCKET: variable({
    read: matching(BUCKET_NAME),
    otherwise: 'millrace-inbox',
    rule: BUCKET_RULE,
    about: 'The bucket that outside files come into. Default millrace-inbox.',
  }),
  INBOX_OWNER: variable({
    read: matching(/^[\x21-\x7e]{1,200}$/),
    otherwise: 'me',
    rule: '1 to 200 ASCII characters without spaces',
    about: "The account whose a file in the inbox is that is nobody's by its key. Default me: your own.",
  }),
  INBOX_OWNERS: variable({
    read: oneOf(['prefix', 'configured']),
    rule: 'prefix ({owner} of a key is believed: nobody else can write there) or configured (all is of INBOX_OWNER)',
    about:
      'Whose files in the inbox are. Default prefix on a folder of this machine, configured on a bucket.',
  }),
  NOTICES: variable({
    read: oneOf(['queue', 'webhook']),
    rule: 'queue (SQS) or webhook (MinIO posts them)',
    about: 'How the inbox on S3 hears of files. Default queue with TRANSPORT=sqs, else webhook.',
  }),
  ARTIFACTS_BUCKET: variable({
    read: matching(BUCKET_NAME),
    otherwise: 'millrace-artifacts',
    rule: BUCKET_RULE,
    about: 'The bucket of everything that is made. Default millrace-artifacts.',
  }),
  QUEUE_PREFIX: variable({
    read: matching(/^[A-Za-z0-9_-]{1,40}$/),
    otherwise: 'millrace',
    rule: '1 to 40 letters, digits, dashes and underscores',
    about: 'How the names of our SQS queues begin. Default millrace.',
  }),
  PUBLIC_URL: variable({
    read: baseUrl,
    rule: 'a URL like https://millrace.example.org',
    about: 'Where people reach the HTTP interface: links in mails begin so. Default http://localhost:PORT.',
  }),
  APP_URL: variable({
    read: appUrl,
    rule: 'a URL like https://app.example.org or https://app.example.org/#/open/{kind}/{subject}, with {path}, {kind}, {subject} or {notification}',
    about:
      'Your own app: links of notifications lead there, {path} (appended where none is named) to what each is about. Default: they lead to a page of ours.',
  }),
  SMTP_URL: variable({
    read: smtpUrl,
    rule: 'a URL like smtps://user:password@mail.example.org or smtp://localhost:25?tls=off',
    about: 'The server that sends mails. Default: they are kept as files in DATA_DIR/mail.',
    secret: true,
  }),
  MAIL_FROM: variable({
    read: mailbox,
    otherwise: { name: 'Millrace', address: 'millrace@localhost' },
    rule: 'an address like millrace@example.org or Millrace <millrace@example.org>',
    about: 'Who mails come from. Default Millrace <millrace@localhost>.',
  }),
  KEY_ROTATION_DAYS: variable({
    read: whole({ min: 2, max: 3_650 }),
    otherwise: 90,
    rule: 'a whole number from 2 to 3650',
    about:
      'Days after which the next key signs tokens; keys that are mounted are rotated by hand. Default 90.',
  }),
  RATE_LIMIT: variable({
    read: whole({ min: 1, max: 10_000_000 }),
    otherwise: 100,
    rule: 'a whole number from 1 to 10000000',
    about: 'Requests a minute for one address. Default 100.',
  }),
  TRUST_PROXY: variable({
    read: yesOrNo,
    otherwise: false,
    rule: 'true or false',
    about: 'Set to true behind a reverse proxy that sets X-Forwarded-For. Default false.',
  }),
  OUTBOUND_ALLOW: variable({
    read: networks,
    otherwise: [],
    rule: 'networks like 10.1.0.0/16,::1/128',
    about:
      'Networks that calendar feeds and push services may lie in although they are not public. Default: none.',
  }),
  FFMPEG_BIN: variable({
    read: path,
    rule: 'the path of an ffmpeg program',
    about: 'The FFmpeg (5.1 or newer) to use. Default: on PATH, then the one that came through npm.',
  }),
  LOG_LEVEL: variable({
    read: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    otherwise: 'info',
    rule: 'one of trace, debug, info, warn, error, fatal, silent',
    about: 'How much is logged. Default info; debug adds stack traces.',
  }),
  LANGUAGE_MODEL: variable({
    read: oneOf(['offline', 'openai-compatible']),
    otherwise: 'offline',
    rule: 'offline or openai-compatible',
    about: 'Who writes scripts: offline (default) or a model behind the OpenAI protocol.',
  }),
  OPENAI_BASE_URL: variable({
    read: httpUrl,
    rule: 'a URL like https://api.openai.com/v1 or http://127.0.0.1:11434/v1',
    about: 'Where the model is, with LANGUAGE_MODEL=openai-compatible.',
  }),
  OPENAI_API_KEY: variable({
    read: secret(matching(/^[\x21-\x7e]{1,1000}$/)),
    rule: 'a key without spaces',
    about: "The model's key; any word for a server that asks for none.",
    secret: true,
  }),
  OPENAI_MODEL: variable({
    read: matching(/^.{1,200}$/s),
    rule: 'the name of a model, at most 200 characters',
    about: 'The name of the model.',
  }),
  MODEL_TIMEOUT_SECONDS: variable({
    read: whole({ min: 1, max: 600 }),
    otherwise: 60,
    rule: 'a whole number from 1 to 600',
    about: 'Limit of one call to the model. Default 60.',
  }),
  MODEL_MAX_TOKENS: variable({
    read: whole({ min: 100, max: 200_000 }),
    otherwise: 4_000,
    rule: 'a whole number from 100 to 200000',
    about: 'Limit of one answer of the model. Default 4000.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    read: httpUrl,
    rule: 'a URL like http://127.0.0.1:4318',
    about: 'Where OpenTelemetry spans are sent (OTLP over HTTP). Default: nowhere.',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable({
    read: secret(matching(/^[\x21-\x7e]+=[\x20-\x7e]*$/)),
    rule: 'headers like api-key=word,tenant=name',
    about: 'Headers for the collector of spans.',
    secret: true,
  }),
  KEEP_RUNS_DAYS: variable({
    read: whole({ min: 1, max: 36_500 }),
    rule: 'a whole number from 1 to 36500',
    about:
      'Days after which finished runs are removed with all that they made. Default: they are kept for ever.',
  }),
  LEFTOVER_DAYS: variable({
    read: whole({ min: 1, max: 365 }),
    otherwise: 7,
    rule: 'a whole number from 1 to 365',
    about: 'Days after which files that no step published are removed. Default 7.',
  }),
  SWEEP_PAGES: variable({
    read: whole({ min: 1, max: 600 }),
    otherwise: 6,
    rule: 'a whole number from 1 to 600',
    about: 'Pages a minute of each bucket that are looked through for what was missed. Default 6.',
  }),
};

export type VariableName = keyof typeof variables;

type ValueOf<One> =
  One extends VariableWithDefault<infer Value>
    ? Value
    : One extends Variable<infer Value>
      ? Value | undefined
      : never;

export type VariableValues = { [Name in VariableName]: ValueOf<(typeof variables)[Name]> };

export const variableNames = Object.keys(variables) as VariableName[];

/** A variable as help and documents show it. */
export interface VariableDescription {
  readonly name: string;
  readonly about: string;
}

export function describeVariables(): readonly VariableDescription[] {
  return variableNames.map((name) => ({ name, about: variables[name].about }));
}
