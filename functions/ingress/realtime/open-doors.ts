import type { Clock } from '#shared/function';
import type { ConnectionDoors } from '#shared/http';
import type { Realtime } from '#shared/realtime';
import type { Log } from '#shared/telemetry';
import type { AddressOf, Admission } from './admission.ts';
import { createSocketIoDoor, SOCKET_IO_PATH } from './socket-io-door.ts';
import { createWebSocketDoor, WEB_SOCKET_PATH } from './web-socket-door.ts';

/** The doors beside requests. */
export function openDoors(options: {
  admission: Admission;
  addressOf: AddressOf;
  realtime: Realtime;
  clock: Clock;
  log: Log;
  allowedOrigins: readonly string[];
}): ConnectionDoors & { drain(): void } {
  const webSocket = createWebSocketDoor(options);
  const socketIo = createSocketIoDoor(options);
  return {
    takesUpgrade: ({ url, headers }) =>
      headers.upgrade?.toLowerCase() === 'websocket' &&
      [WEB_SOCKET_PATH, SOCKET_IO_PATH].includes(pathOf(url)),
    upgrade(incoming, socket, head) {
      if (pathOf(incoming.url) === WEB_SOCKET_PATH) webSocket.upgrade(incoming, socket, head);
      else socketIo.upgrade(incoming, socket, head);
    },
    takesRequest: ({ url }) => pathOf(url) === SOCKET_IO_PATH,
    request: (incoming, outgoing) => socketIo.request(incoming, outgoing),
    drain() {
      webSocket.close();
      socketIo.close();
    },
  };
}

function pathOf(url = ''): string {
  return url.split('?', 1)[0] ?? '';
}
