import { HttpProblem } from '#shared/http';
import { defineRoute, type Route } from '../route.ts';
import { WEB_SOCKET_PATH } from './web-socket-door.ts';

/** What the WebSocket's path answers to a plain request; its handshake never comes so far. */
export function notificationsRoute(): Route {
  return defineRoute({
    method: 'get',
    path: WEB_SOCKET_PATH,
    operationId: 'openNotifications',
    tag: 'Realtime',
    summary: 'Hear what happens, by WebSocket',
    description:
      'The same as `GET /api/v1/stream`, a JSON text a frame: `{"type","cursor","at","data"}`. Open it with a token in the `Authorization` header, or with `?ticket=…`; `?cursor=…` goes on after what was heard last. The handshake is refused with 400, 401, 403, 429 or 503 and a problem document. It closes with 1012 (connect again), 4001 (too slow: resume), 4002 (the token expired) or 4003 (the session ended).',
    access: 'public',
    rate: 'counted',
    responses: {
      101: { description: 'To a handshake (RFC 6455): frames follow.' },
      426: { description: 'This is no handshake of a WebSocket.', headers: { Upgrade: '`websocket`' } },
    },
    handle() {
      throw new HttpProblem({
        status: 426,
        code: 'websocket-needed',
        detail: 'Open this address as a WebSocket; GET /api/v1/stream tells the same as server-sent events.',
        headers: { Upgrade: 'websocket', Connection: 'Upgrade' },
      });
    },
  });
}
