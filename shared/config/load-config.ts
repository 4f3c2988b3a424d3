import { resolve } from 'node:path';
import { Permanent } from '#shared/errors';
import type { Config, LanguageModelConfig, S3Config } from './config.ts';
import { type Environment, processEnvironment } from './environment.ts';
import type { Reader } from './readers.ts';
import { withSecretFiles } from './secret-files.ts';
import { type VariableName, type VariableValues, variableNames, variables } from './variables/variables.ts';

interface Problem {
  readonly variable: VariableName;
  readonly message: string;
}

/**
 * Reads and checks the whole configuration.
 *
 * @throws Permanent `config-invalid`: every problem at once, each with its variable, its value (never a
 * secret's) and what to do.
 */
export function loadConfig(environment: Environment = processEnvironment()): Config {
  const whole = withSecretFiles(environment, variableNames);
  const read = variableNames.map(
    (name) => [name, readVariable(name, whole[name]?.trim() || undefined)] as const,
  );
  const refused = read.filter(([, { message }]) => message !== undefined);
  if (refused.length > 0)
    throw invalid(refused.map(([variable, { message = '' }]) => ({ variable, message })));
  const values = Object.fromEntries(read.map(([name, { value }]) => [name, value])) as VariableValues;
  const problems = [
    ...missingDatabase(values),
    ...missingModel(values),
    ...oneBucket(values),
    ...missingBroker(values),
  ];
  if (problems.length > 0) throw invalid(problems);
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
    objects: values.OBJECTS,
    s3: s3(values),
    transport: values.TRANSPORT,
    brokerUrl: values.BROKER_URL,
    gateway: gateway(values),
    aws: {
      endpoint: values.AWS_ENDPOINT_URL,
      region: values.AWS_REGION ?? (values.AWS_ENDPOINT_URL === undefined ? undefined : 'us-east-1'),
    },
    buckets: { inbox: values.INBOX_BUCKET, artifacts: values.ARTIFACTS_BUCKET },
    inbox: { owner: values.INBOX_OWNER, owners: values.INBOX_OWNERS },
    notices: notices(values),
    queuePrefix: values.QUEUE_PREFIX,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    givenPublicUrl: values.PUBLIC_URL,
    appUrl: values.APP_URL,
    mail: { smtpUrl: values.SMTP_URL, from: values.MAIL_FROM },
    keyRotationDays: values.KEY_ROTATION_DAYS,
    rateLimit: values.RATE_LIMIT,
    trustProxy: values.TRUST_PROXY,
    ffmpegBin: values.FFMPEG_BIN,
    downloadCookies: values.DOWNLOAD_COOKIES,
    logLevel: values.LOG_LEVEL,
    languageModel: languageModel(values),
    tracing:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT, headers: values.OTEL_EXPORTER_OTLP_HEADERS },
    outboundAllow: values.OUTBOUND_ALLOW,
    keepRunsDays: values.KEEP_RUNS_DAYS,
    leftoverDays: values.LEFTOVER_DAYS,
    sweepPagesPerMinute: values.SWEEP_PAGES,
  };
}

/** What a variable says, or why it is refused. */
function readVariable(name: VariableName, text: string | undefined): { value?: unknown; message?: string } {
  const { read, otherwise } = variables[name] as { read: Reader<unknown>; otherwise?: unknown };
  if (text === undefined) return { value: otherwise };
  const value = read(text);
  return value === undefined ? { message: refusal(name, text) } : { value };
}

function refusal(name: VariableName, value: string | undefined): string {
  const definition: { rule: string; secret?: true } = variables[name];
  const shown = definition.secret ? '(not shown)' : JSON.stringify(value?.replace(/\/\/.*@/, '//…@'));
  return `${name}=${shown}: must be ${definition.rule}`;
}

function missingDatabase(values: VariableValues): readonly Problem[] {
  if (values.DATABASE_DIRECT_URL === undefined || values.DATABASE_URL !== undefined) return [];
  return [
    {
      variable: 'DATABASE_URL',
      message: 'DATABASE_URL is not set, but DATABASE_DIRECT_URL is; set both, or neither',
    },
  ];
}

function missingModel(values: VariableValues): readonly Problem[] {
  if (values.LANGUAGE_MODEL === 'offline') return [];
  const needed = ['OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_MODEL'] as const;
  return needed
    .filter((name) => values[name] === undefined)
    .map((name) => ({
      variable: name,
      message: `${name} is not set; set it to ${variables[name].rule}, or choose LANGUAGE_MODEL=offline`,
    }));
}

function oneBucket(values: VariableValues): readonly Problem[] {
  if (values.OBJECTS !== 's3' || values.ARTIFACTS_BUCKET !== values.INBOX_BUCKET) return [];
  return [
    {
      variable: 'INBOX_BUCKET',
      message: `INBOX_BUCKET and ARTIFACTS_BUCKET are both "${values.INBOX_BUCKET}"; each role has a bucket of its own`,
    },
  ];
}

function missingBroker({ TRANSPORT, BROKER_URL }: VariableValues): readonly Problem[] {
  if (TRANSPORT !== 'broker' || BROKER_URL !== undefined) return [];
  return [
    {
      variable: 'BROKER_URL',
      message: `BROKER_URL is not set; set it to ${variables.BROKER_URL.rule}, or choose TRANSPORT=postgres or sqs`,
    },
  ];
}

function notices({ OBJECTS, TRANSPORT, NOTICES }: VariableValues): Config['notices'] {
  if (OBJECTS !== 's3') return undefined;
  return NOTICES ?? (TRANSPORT === 'sqs' ? 'queue' : 'webhook');
}

function gateway(values: VariableValues): Config['gateway'] {
  const {
    OPENFAAS_URL: url,
    OPENFAAS_USER: user,
    OPENFAAS_PASSWORD: password,
    OPENFAAS_INVOKE: invoke,
  } = values;
  return url === undefined ? undefined : { url, user, password, invoke };
}

function s3(values: VariableValues): S3Config {
  const endpoint = values.AWS_ENDPOINT_URL_S3 ?? values.AWS_ENDPOINT_URL;
  return {
    endpoint,
    region: values.AWS_REGION ?? (endpoint === undefined ? undefined : 'us-east-1'),
    addressing: values.S3_ADDRESSING ?? (endpoint === undefined ? 'virtual-host' : 'path'),
    publicEndpoint: values.S3_PUBLIC_ENDPOINT,
  };
}

function languageModel(values: VariableValues): LanguageModelConfig {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey, OPENAI_MODEL: model } = values;
  if (values.LANGUAGE_MODEL === 'offline' || !baseUrl || !apiKey || !model) return { provider: 'offline' };
  return {
    provider: 'openai-compatible',
    baseUrl,
    apiKey,
    model,
    timeoutSeconds: values.MODEL_TIMEOUT_SECONDS,
    maxTokens: values.MODEL_MAX_TOKENS,
  };
}

function invalid(problems: readonly Problem[]): Permanent {
  const lines = problems.map((problem) => `  ${problem.message}.`);
  const message = `The configuration is wrong; correct these environment variables:\n${lines.join('\n')}`;
  return new Permanent('config-invalid', message, { details: { problems } });
}
