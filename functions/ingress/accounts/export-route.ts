import { z } from '@hono/zod-openapi';
import { EXPORT_START } from '#shared/accounts';
import { notFound } from '#shared/http';
import type { Ledger, RunView } from '#shared/ledger';
import type { People } from '../environment.ts';
import { subscriptionView } from '../notifications/notification-view.ts';
import { listRuns } from '../pipelines/list-page.ts';
import { invalidRequest } from '../request/invalid-request.ts';
import { pageLinks } from '../request/page-links.ts';
import { defineRoute, type Route } from '../route.ts';
import { ownView } from './own-view.ts';
import { accountExport } from './schemas.ts';
import { sessionView } from './session-view.ts';

/** What somebody gave may be a whole script. */
const RUNS_A_PAGE = 50;
const ENTRIES_A_PAGE = 200;
/** What begins so is a place after the runs. */
const FURTHER = '~';

/** All that is known of somebody, for himself: a page after the other, each whole in itself. */
export function exportRoute({ people, ledger }: { people: People; ledger: Ledger }): Route {
  const { accounts, notifications } = people;
  return defineRoute({
    method: 'get',
    path: '/users/me/export',
    operationId: 'exportOwnAccount',
    tag: 'People',
    summary: 'Take your data with you',
    description: `Your account, where you are signed in, and what you began, ${RUNS_A_PAGE} runs a page, newest first; the files of each are under its link. Then all else that is kept of you, a kind a page.`,
    access: 'token',
    rate: 'counted',
    query: z.strictObject({
      cursor: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .openapi({ description: 'From `links.next` of the page before.', example: 'MTI4' }),
    }),
    responses: {
      200: {
        description: 'A page.',
        schema: accountExport,
        headers: { Link: '`rel="next"`: the page after this one (RFC 8288).' },
      },
      404: { description: 'The token is of nobody who registered.' },
    },
    async handle({ c, principal, query: { cursor } }) {
      const own = await accounts.find(principal.account);
      if (own === undefined) throw notFound('account');
      const [sessions, told, browsers] = await Promise.all([
        accounts.sessions(own.id),
        notifications.preferences(own.id),
        notifications.subscriptions(own.id),
      ]);
      const whose = {
        account: ownView(own),
        sessions: sessions.map(sessionView),
        notifications: {
          preferences: told?.preferences ?? {},
          subscriptions: browsers.map(subscriptionView),
          links: { history: '/api/v1/notifications/history' },
        },
      };
      if (cursor?.startsWith(FURTHER)) {
        const from = cursor.slice(FURTHER.length);
        const page = await accounts.exported({ account: own.id, from, limit: ENTRIES_A_PAGE });
        if (page === undefined)
          throw invalidRequest([
            { field: 'query.cursor', message: 'Take it from `links.next` of the page before.' },
          ]);
        const { kind, entries, next } = page;
        const links = pageLinks(c, next === undefined ? undefined : `${FURTHER}${next}`);
        return c.json({ ...whose, runs: [], further: { kind, entries }, links });
      }
      const { runs, next } = await listRuns(ledger, {
        owner: own.id,
        limit: RUNS_A_PAGE,
        ...(cursor === undefined ? {} : { before: cursor }),
      });
      const links = pageLinks(c, next ?? `${FURTHER}${EXPORT_START}`);
      return c.json({ ...whose, runs: runs.map(runView), links });
    },
  });
}

function runView({ id, flow, title, labels, state, createdAt, input }: RunView) {
  return {
    ...{ id, flow, title, labels: { ...labels }, state, createdAt: createdAt.toISOString() },
    ...{ input, links: { self: `/api/pipelines/${id}` } },
  };
}
