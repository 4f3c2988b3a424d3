import type { Auth } from '#shared/auth';
import { MillraceError } from '#shared/errors';
import { callerOf } from '#shared/host';
import { HttpProblem, readJsonBody } from '#shared/http';
import type { Inbox } from '#shared/inbox';
import { readNotices } from '#shared/notices';

const LIMITS = { maxBytes: 1_048_576, maxDepth: 12, timeoutMs: 10_000 };

/** Takes the notices that a store posts (MinIO's webhook), from who has a token with the role `inbox` or `admin`. */
export function noticeWebhook(options: {
  auth: Pick<Auth, 'verify'>;
  inbox: Pick<Inbox, 'look'>;
  bucket: string;
}): (request: Request) => Promise<Response> {
  const { auth, inbox, bucket } = options;
  return async (request) => {
    const { principal } = await callerOf(auth, Object.fromEntries(request.headers));
    if (!principal.roles.includes('inbox') && !principal.roles.includes('admin')) {
      const detail = 'Only who speaks for the store tells of its files: a token with the role inbox.';
      throw new HttpProblem({ status: 403, code: 'role-missing', detail });
    }
    const body = await readJsonBody(request, LIMITS);
    try {
      for (const { key } of readNotices(body, { bucket })) await inbox.look(key);
    } catch (error) {
      if (!(error instanceof MillraceError) || error.kind !== 'permanent') throw error;
      throw new HttpProblem({ status: 400, code: error.code, detail: error.message });
    }
    return new Response(null, { status: 204 });
  };
}
