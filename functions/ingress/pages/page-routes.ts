import type { Auth } from '#shared/auth';
import type { Clock } from '#shared/function';
import type { Ledger } from '#shared/ledger';
import { createSendCommand } from '../accounts/send-command.ts';
import type { People } from '../environment.ts';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { Route } from '../route.ts';
import { assetRoute } from './asset-route.ts';
import { docsRoute } from './docs/docs-route.ts';
import type { OpenApiDocument } from './docs/document-reader.ts';
import { homeRoute } from './home/home-route.ts';
import { letterRoutes } from './letters/letter-routes.ts';
import { newsRoute } from './news/news-route.ts';
import { signInRoute } from './sign-in/sign-in-route.ts';
import { signOutRoute } from './sign-in/sign-out-route.ts';

export interface PageOptions {
  readonly auth: Auth;
  readonly ledger: Ledger;
  readonly reader: PipelineReader;
  readonly clock: Clock;
  readonly document: () => OpenApiDocument;
  /** Is a proxy's `X-Forwarded-Proto` believed? */
  readonly trustProxy: boolean;
  /** Given, they sign in with their passwords, and see what they are told of. */
  readonly people: People | undefined;
  /** Template of links into the operator's app. */
  readonly appUrl: string | undefined;
}

/** The pages for people: the first page, the sign-in, the reference, and what they are drawn with. */
export function pageRoutes(options: PageOptions): Route[] {
  const { people, appUrl, clock } = options;
  const send = people && createSendCommand(people);
  return [
    homeRoute(options),
    signInRoute({ ...options, send }),
    signOutRoute({ send }),
    ...(people === undefined ? [] : [newsRoute({ people, appUrl, clock })]),
    ...letterRoutes(),
    docsRoute(options),
    assetRoute(),
  ];
}
