import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What answers on connections of its own, beside requests: WebSockets, Socket.IO. */
export interface ConnectionDoors {
  /** What it does not take stays an ordinary request. */
  takesUpgrade(incoming: IncomingMessage): boolean;
  /** The socket is its own from here on; an error of it is not told again. */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void;
  takesRequest(incoming: IncomingMessage): boolean;
  request(incoming: IncomingMessage, outgoing: ServerResponse): void;
}

/** Hands upgrades to the doors; answers the sockets that are theirs now, which the server no longer counts as its own. */
export function takeUpgrades(
  server: Server,
  { doors, spoke }: { doors: ConnectionDoors | undefined; spoke: (incoming: IncomingMessage) => void },
): ReadonlySet<Duplex> {
  const upgraded = new Set<Duplex>();
  if (doors === undefined) return upgraded;
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    spoke(incoming);
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    // Without a listener it would end the process.
    socket.on('error', () => socket.destroy());
    doors.upgrade(incoming, socket, head);
  });
  return upgraded;
}
