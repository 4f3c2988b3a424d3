import { z } from '@hono/zod-openapi';
import { MillraceError } from '#shared/errors';
import { HttpProblem } from '#shared/http';
import type { Inbox } from '#shared/inbox';
import { readNotices } from '#shared/notices';
import { defineRoute, type Route } from '../route.ts';

/** One request brings so many at most; MinIO sends one. */
const MOST = 100;

/** What MinIO posts (and S3 sends to queues), as far as the document shows it. */
const noticeRequest = z.looseObject({
  Records: z
    .array(z.looseObject({}))
    .max(MOST)
    .optional()
    .openapi({ description: 'Notices in the format of S3, as MinIO’s webhook sends them.' }),
});

/** The notices of a store that posts them. They say where to look; what lies there the store is asked. */
export function noticeRoute({ inbox, bucket }: { inbox: Pick<Inbox, 'look'>; bucket: string }): Route {
  return defineRoute({
    method: 'post',
    path: '/api/v1/inbox/notices',
    operationId: 'noticeInbox',
    tag: 'Operations',
    summary: 'Tell of files in the inbox',
    description:
      'For MinIO’s webhook (`notify_webhook endpoint=… auth_token=…`) and stores that post as it does. A notice that comes twice, or of a file that is known, changes nothing.',
    access: 'token',
    rate: 'free',
    body: noticeRequest,
    responses: {
      204: { description: 'Every file was looked at.' },
      403: { description: 'The token has neither the role `inbox` nor `admin`.' },
    },
    async handle({ c, principal, body }) {
      if (!principal.roles.includes('inbox') && !principal.roles.includes('admin')) {
        throw new HttpProblem({
          status: 403,
          code: 'role-missing',
          detail:
            'Only who speaks for the store may tell of its files; it needs a token with the role inbox.',
        });
      }
      try {
        for (const { key } of readNotices(body, { bucket })) await inbox.look(key);
      } catch (error) {
        if (error instanceof MillraceError && error.kind === 'permanent') {
          throw new HttpProblem({ status: 400, code: error.code, detail: error.message });
        }
        throw error;
      }
      return c.body(null, 204);
    },
  });
}
