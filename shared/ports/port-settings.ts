import { join } from 'node:path';
import type { Config } from '#shared/config';
import { type DropOwners, dropOwners } from '#shared/inbox';
import type { Sender } from '#shared/mail';
import { type StoreSettings, storeSettings } from '#shared/storage';

/** What ports are made for: plain data, to be handed from process to process. */
export interface PortSettings {
  readonly ffmpegBin: string | undefined;
  readonly languageModel:
    | { readonly provider: 'offline' }
    | {
        readonly provider: 'openai-compatible';
        readonly baseUrl: string;
        readonly apiKey: string;
        readonly model: string;
        readonly timeoutSeconds: number;
        readonly maxTokens: number;
      };
  readonly mail: {
    /** With its password; undefined: mails are kept in `folder`. */
    readonly smtpUrl: string | undefined;
    readonly folder: string;
    readonly from: Sender;
  };
  readonly links: {
    /** What links in mails begin with. */
    readonly publicUrl: string;
    /** Template of links to what a notification is about; undefined: they lead to our own page. */
    readonly appUrl: string | undefined;
  };
  /** Networks that may be asked although they are not public. */
  readonly outboundAllow: readonly string[];
  readonly push: {
    /** Of the key that pushes are signed with. */
    readonly keysFolder: string;
    /** Whom push services may tell something. */
    readonly contact: string | undefined;
  };
  /** Cookies of downloads, in a file of this process alone that may be written to; undefined: there are none. */
  readonly cookies?: string | undefined;
  /** What is removed when; `keepRunsDays` undefined: finished runs stay. */
  readonly retention: {
    readonly keepRunsDays: number | undefined;
    readonly leftoverDays: number;
    readonly sweepPagesPerMinute: number;
    readonly inbox: StoreSettings;
    readonly drops: DropOwners;
  };
}

/** The secrets in it are readable: it goes into a message or stays in the process, never into arguments or a log. */
export function portSettings(config: Config): PortSettings {
  const { ffmpegBin, languageModel, keepRunsDays, leftoverDays, sweepPagesPerMinute } = config;
  return {
    ffmpegBin,
    languageModel:
      languageModel.provider === 'offline'
        ? languageModel
        : { ...languageModel, apiKey: languageModel.apiKey.reveal() },
    mail: {
      smtpUrl: config.mail.smtpUrl?.reveal(),
      folder: join(config.dataDir, 'mail'),
      from: config.mail.from,
    },
    links: { publicUrl: config.publicUrl, appUrl: config.appUrl },
    outboundAllow: config.outboundAllow,
    push: {
      keysFolder: join(config.dataDir, 'keys'),
      contact: config.publicUrl.startsWith('https:') ? config.publicUrl : undefined,
    },
    retention: {
      ...{ keepRunsDays, leftoverDays, sweepPagesPerMinute },
      inbox: storeSettings(config).inbox,
      drops: dropOwners(config),
    },
  };
}
