import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** A server on the loopback address that can also be pulled out of the wall. */
export interface HttpServer {
  readonly port: number;
  readonly url: string;
  /** Cuts every connection and listens no more. */
  kill(): Promise<void>;
}

/** `port` 0: any that is free. */
export async function listen(listener: RequestListener, port = 0): Promise<HttpServer> {
  const server: Server = createServer({ keepAliveTimeout: 0 }, listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}/`,
    async kill() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
