import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections in all, and those among them that have not yet sent one whole request head. */
export interface ConnectionLimits {
  readonly all: number;
  readonly silent: number;
}

/**
 * Bounds what connections cost. One too many is closed at once; of those that say nothing the oldest goes, so that
 * thousands of them do not keep out who comes to ask.
 *
 * @returns `spoke`, to be told of whoever sends a head that becomes no request
 */
export function boundConnections(
  server: Server,
  limits: ConnectionLimits,
): { spoke(incoming: IncomingMessage): void } {
  const silent = new Set<Socket>();
  server.maxConnections = limits.all;
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    if (silent.size > limits.silent) silent.values().next().value?.destroy();
  });
  const spoke = ({ socket }: IncomingMessage): void => void silent.delete(socket);
  server.on('request', spoke);
  return { spoke };
}
