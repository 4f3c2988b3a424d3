import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Accounts, OpenSessions } from '#shared/accounts';
import type { Auth, UrlSigner } from '#shared/auth';
import type { Calendars } from '#shared/calendars';
import type { Conversations } from '#shared/conversations';
import type { Following } from '#shared/following';
import type { Clock } from '#shared/function';
import type { Gatherings } from '#shared/gatherings';
import type { Commands } from '#shared/host';
import type { Inbox } from '#shared/inbox';
import type { Ledger, Operations } from '#shared/ledger';
import type { Notifications } from '#shared/notifications';
import type { Pictures } from '#shared/pictures';
import type { Feed, Posts } from '#shared/posts';
import type { PushKey } from '#shared/push';
import type { MovingRuns, Realtime, Tickets } from '#shared/realtime';
import type { Speech, Voice } from '#shared/speech';
import type { ObjectStore } from '#shared/storage';
import type { Log, Metrics, Tracing } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import type { EraseAccount } from './operations/account-route.ts';

/** What changes people's things, and what is read of them. */
export interface People {
  readonly commands: Commands;
  readonly accounts: Accounts;
  /** Tokens of those that are over are refused. */
  readonly sessions: OpenSessions;
  readonly following: Following;
  readonly gatherings: Gatherings;
  readonly calendars: Calendars;
  readonly pictures: Pictures;
  readonly conversations: Conversations;
  readonly notifications: Notifications;
  readonly posts: Posts;
  readonly feed: Feed;
}

/** What people hear as it happens, and who may. */
export interface RealtimeParts {
  readonly realtime: Realtime;
  readonly tickets: Tickets;
  readonly moving: MovingRuns;
}

/** All that the front door works with. */
export interface IngressOptions {
  readonly ledger: Ledger;
  readonly topology: Topology;
  /** The artifacts bucket. */
  readonly artifacts: ObjectStore;
  readonly auth: Auth;
  readonly signer: UrlSigner;
  readonly limits: {
    /** Requests a minute and address; 0 is no limit. */
    readonly ratePerMinute: number;
    /** Proxies of ours in front, whose `X-Forwarded-For` is believed; `true` is one, `false` none. */
    readonly trustProxy: boolean | number;
  };
  readonly log: Log;
  readonly clock: Clock;
  readonly version: string;
  /** The registry of this process, so that `/metrics` shows all of it; one of its own where not given. */
  readonly metrics?: Metrics;
  /** Where spans of requests go; nowhere where not given. */
  readonly tracing?: Tracing;
  /** Further things that `/ready` asks, by name; a value other than `ok` is why it is not ready. */
  readonly checks?: () => Promise<Record<string, string>>;
  /** Given, `/tts/voices` lists its voices with samples, and an unknown voice is refused at the door. */
  readonly speech?: Speech;
  /** Given, operators can ask and mend. */
  readonly operations?: Operations;
  /** Given, an account's data can be erased. */
  readonly erase?: EraseAccount;
  /** Given, people have accounts. */
  readonly people?: People;
  /** Given, browsers that are not open can be told. */
  readonly pushKey?: PushKey;
  /** Where people reach this, without a slash at its end; given, addresses for other programs begin so. */
  readonly publicUrl?: string | undefined;
  /** Given, the page of what people are told of leads into this app: a template, as `APP_URL` is read. */
  readonly appUrl?: string | undefined;
  /** Given, people hear what happens as it happens. */
  readonly realtime?: RealtimeParts;
  /** Given, files can be uploaded. */
  readonly inbox?: Inbox;
  /** Given, the store of the inbox may post its notices; the name of its bucket. */
  readonly inboxBucket?: string;
  /** Given, an unknown voice is refused at the door; those of `speech` where left out. */
  readonly voices?: () => Promise<readonly Voice[]>;
  /** Given, a language that cannot be narrated is refused at the door. */
  readonly languages?: () => Promise<readonly string[]>;
  /** Origins whose pages may call the API (CORS); none by default. */
  readonly allowedOrigins?: readonly string[];
  /** Milliseconds between two looks at runs that somebody watches; 500 where left out. */
  readonly watchMs?: number;
}

/** What each request carries through the front door. */
export interface RequestVariables {
  readonly requestId: string;
  /** Of the request's span, for what it publishes. */
  readonly traceparent: string;
  /** The client's address. */
  readonly address: string;
  readonly log: Log;
  /** Template of the route that answers, for metrics and the log. */
  route: string;
}

export interface HonoEnv {
  Bindings: Partial<HttpBindings>;
  Variables: RequestVariables;
}

export type HttpContext = Context<HonoEnv>;
