import { connect, createServer, type Socket } from 'node:net';

/** Stands between a process and Postgres, and now and then keeps the answer of a COMMIT to itself. */
export interface CuttingProxy {
  /** The database as the process is to reach it. */
  readonly url: string;
  /** Answers of COMMIT that were lost so far. */
  cut(): number;
  close(): Promise<void>;
}

/** `commit` as the driver sends it: a simple query that ends with a zero byte. */
const commit = Buffer.from('commit\0');

/** @param loses whether the answer of this COMMIT is lost */
export async function startCuttingProxy(url: string, loses: () => boolean): Promise<CuttingProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const postgres = connect(Number(target.port), target.hostname);
    let isCommitting = false;
    for (const socket of [client, postgres]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        postgres.destroy();
      });
    }
    client.on('data', (data) => {
      if (data.includes(commit) && loses()) isCommitting = true;
      postgres.write(data);
    });
    postgres.on('data', (data) => {
      if (!isCommitting) {
        client.write(data);
        return;
      }
      // It has committed, and nobody hears of it.
      cuts += 1;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const through = new URL(url);
  through.port = String(address.port);
  return {
    url: through.href,
    cut: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
