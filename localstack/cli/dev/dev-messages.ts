import type { Config } from '#shared/config';
import type { PortSettings } from '#shared/ports';

/** The configuration with its secrets readable: it travels to the platform's process in a message, never otherwise. */
export interface DevSettings {
  readonly config: Omit<Config, 'databaseUrl' | 'databaseDirectUrl' | 'languageModel'>;
  readonly databaseUrl: string;
  readonly databaseDirectUrl: string;
  readonly languageModel: PortSettings['languageModel'];
}

/** From `millrace dev` to the platform's process. */
export type ToPlatform =
  | { readonly kind: 'start'; readonly settings: DevSettings }
  | { readonly kind: 'restart'; readonly lanes: readonly string[] }
  | { readonly kind: 'stop' };

export type FromPlatform =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'failed'; readonly problem: string };
