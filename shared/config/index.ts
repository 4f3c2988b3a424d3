/** Configuration: every environment variable, read once, typed, checked together. The only reader of `process.env`. */
export { callerFolder } from './caller-folder.ts';
export type { AwsConfig, Config, GatewayConfig, LanguageModelConfig, LogLevel, S3Config } from './config.ts';
export { configuredSecrets } from './configured-secrets.ts';
export { type Environment, inheritedEnvironment, ownEnvironment, processEnvironment } from './environment.ts';
export { faultFolder } from './fault-folder.ts';
export { jobEvent } from './job-event.ts';
export { loadConfig } from './load-config.ts';
export { Secret } from './secret.ts';
export { describeVariables, type VariableDescription } from './variables/variables.ts';
