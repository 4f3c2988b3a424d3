import { z } from '@hono/zod-openapi';
import { type EventStream, openEventStream } from '#shared/http';
import { MOST_WAITING, type Peer, type Realtime } from '#shared/realtime';
import { defineRoute, type Route } from '../route.ts';
import type { Admission } from './admission.ts';
import { cursor, ticket } from './schemas.ts';

export const STREAM_PATH = '/api/v1/stream';
const EVENT_STREAM = 'text/event-stream';

const STREAM_EXAMPLE = `retry: 2000

id: 41
event: hello
data: {"type":"hello","cursor":"41","data":{}}

id: 42
event: message.sent
data: {"type":"message.sent","cursor":"42","at":"2026-01-02T03:04:05.678Z","data":{ … }}

event: run.progressed
data: {"type":"run.progressed","data":{"run":"0193b3f0-4d5e-8000-a000-000000000000","status":"running","progress":40}}
`;

const streamHeaders = {
  'Content-Type': EVENT_STREAM,
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

/** What one hears, as server-sent events (WHATWG HTML, section 9.2). */
export function streamRoute({ admission, realtime }: { admission: Admission; realtime: Realtime }): Route {
  return defineRoute({
    method: 'get',
    path: STREAM_PATH,
    operationId: 'stream',
    tag: 'Realtime',
    summary: 'Hear what happens, as server-sent events',
    description:
      'Messages, reactions, read marks, notifications and the progress of runs as they happen; docs/realtime.md has the protocol. `hello` comes first. Whoever reconnects with `Last-Event-ID` (or `cursor`) misses nothing and hears nothing twice; `reset` says that what lies between is not kept any more. A comment comes every 15 s, and `end` says why before the server closes.',
    access: 'ticket',
    rate: 'free',
    query: z.strictObject({ ticket: ticket.optional(), cursor: cursor.optional() }),
    headers: z.object({
      'last-event-id': cursor
        .optional()
        .openapi({ description: 'The `id` of what was heard last; it goes before `cursor`.', example: '42' }),
    }),
    responses: {
      200: { description: 'The stream.', type: EVENT_STREAM, example: STREAM_EXAMPLE },
      403: { description: 'The page that asks is of an origin that may not.' },
      429: {
        description: 'Too many connections are open, or too many were opened from this address.',
        headers: { 'Retry-After': 'Seconds to wait.' },
      },
    },
    async handle({ c, principal, query, headers }) {
      await admission.count(c.get('address'));
      const listener = await admission.admit(
        { holder: principal, ticket: query.ticket, cursor: headers['last-event-id'] ?? query.cursor },
        { origin: c.req.header('origin'), host: c.req.header('host') },
      );
      if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
      // Asked again in the moment that it is taken: many may have been let in while each waited for an answer.
      realtime.admit(listener.account);
      const stream = openEventStream({
        maxBufferedBytes: MOST_WAITING,
        cut: () => c.env?.outgoing?.destroy(),
      });
      const leave = realtime.open(peerOf(stream), listener);
      void stream.ended.then(leave);
      return c.body(stream.body, 200, streamHeaders);
    },
  });
}

function peerOf(stream: EventStream): Peer {
  return {
    get waiting() {
      return stream.waiting;
    },
    send({ body }) {
      const { type, cursor: id } = body;
      stream.send({ event: type, data: body, ...(id === undefined ? {} : { id }) });
    },
    end(why) {
      if (why === 'too-slow') return stream.end('reader-too-slow');
      stream.send({ event: 'end', data: { type: 'end', data: { why } } });
      stream.end('done');
    },
  };
}
