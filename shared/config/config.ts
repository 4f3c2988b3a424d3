import type { Secret } from './secret.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Who writes scripts: the offline writer, or a model behind the OpenAI protocol. */
export type LanguageModelConfig =
  | { readonly provider: 'offline' }
  | {
      readonly provider: 'openai-compatible';
      /** `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`, … */
      readonly baseUrl: string;
      readonly apiKey: Secret;
      readonly model: string;
      /** Limit of one call to the model. */
      readonly timeoutSeconds: number;
      /** Limit of one answer. */
      readonly maxTokens: number;
    };

/** Where S3 and SQS answer. Credentials come from the SDK's own chain (environment, profile, role), never through us. */
export interface AwsConfig {
  /** Undefined: AWS itself. */
  readonly endpoint: string | undefined;
  /** Undefined: that of the profile. */
  readonly region: string | undefined;
}

/** Where S3 answers, and how buckets are addressed there. */
export interface S3Config {
  /** Undefined: AWS itself. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  /** `path`: endpoint/bucket/key; `virtual-host`: bucket.endpoint/key. */
  readonly addressing: 'path' | 'virtual-host';
  /** Where browsers and other clients reach the same buckets; undefined: at `endpoint`. */
  readonly publicEndpoint: string | undefined;
}

/** Where OpenFaaS takes calls of functions, and as whom. */
export interface GatewayConfig {
  readonly url: string;
  readonly user: string;
  /** Undefined: it asks for none. */
  readonly password: Secret | undefined;
  readonly invoke: 'function' | 'async-function';
}

/** All that the platform is told from outside. Paths are absolute. */
export interface Config {
  /** TCP port of ingress; 0 lets the system choose. */
  readonly port: number;
  /** Address to listen on; the loopback address unless told otherwise. */
  readonly host: string;
  readonly dataDir: string;
  /** An outside Postgres in place of the embedded one. */
  readonly databaseUrl: Secret | undefined;
  /** The same database past a pooler, for migrations; `databaseUrl` where not given. */
  readonly databaseDirectUrl: Secret | undefined;
  readonly objects: 'filesystem' | 's3';
  readonly s3: S3Config;
  readonly transport: 'postgres' | 'sqs' | 'broker';
  /** Where a Broker takes events; there with the transport `broker`. */
  readonly brokerUrl: string | undefined;
  /** The gateway of OpenFaaS, for its dispatcher. */
  readonly gateway: GatewayConfig | undefined;
  readonly aws: AwsConfig;
  /** Names of the buckets, where S3 keeps the objects. */
  readonly buckets: { readonly inbox: string; readonly artifacts: string };
  /** Whose files in the inbox are; `owners` undefined: as the place of the inbox allows. */
  readonly inbox: { readonly owner: string; readonly owners: 'prefix' | 'configured' | undefined };
  /** How notices of the inbound bucket come; undefined: it is a folder, which is watched. */
  readonly notices: 'queue' | 'webhook' | undefined;
  /** How the names of our SQS queues begin. */
  readonly queuePrefix: string;
  /** Where people reach the HTTP interface, without a slash at its end. */
  readonly publicUrl: string;
  /** The same as `PUBLIC_URL` says it; undefined: it says nothing, and whoever asks knows how he came here. */
  readonly givenPublicUrl: string | undefined;
  /** Template of links into the operator's own app, with `{path}` and others; undefined: there is none. */
  readonly appUrl: string | undefined;
  readonly mail: {
    /** Undefined: mails are kept in `dataDir`. */
    readonly smtpUrl: Secret | undefined;
    readonly from: { readonly name: string; readonly address: string };
  };
  /** Days after which the next key signs tokens. */
  readonly keyRotationDays: number;
  /** Requests a minute and address. */
  readonly rateLimit: number;
  /** Take the client's address from `X-Forwarded-For`. */
  readonly trustProxy: boolean;
  /** Networks that addresses which people give us may lead into although they are not public. */
  readonly outboundAllow: readonly string[];
  /** The FFmpeg to use; looked for on PATH and in the npm packages where not given. */
  readonly ffmpegBin: string | undefined;
  /** Cookies of downloads, a file that may be read-only; undefined: there are none. */
  readonly downloadCookies: string | undefined;
  readonly logLevel: LogLevel;
  readonly languageModel: LanguageModelConfig;
  /** Where spans are sent (OTLP over HTTP); nowhere when not given. */
  readonly tracing: { readonly endpoint: string; readonly headers: Secret | undefined } | undefined;
  /** Age at which finished runs go with all that they made; undefined keeps them for ever. */
  readonly keepRunsDays: number | undefined;
  /** Age at which the sweep removes artifacts that no commit published. */
  readonly leftoverDays: number;
  /** Pages of each bucket that the sweep looks at in a minute, however many there are. */
  readonly sweepPagesPerMinute: number;
}
