/** DBOS at its best, started directly: a workflow of two steps, each a transaction of its data source, so each row is written once. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { PostgresDataSource } from '@dbos-inc/postgres-datasource';
import { body, INSERT, measurePeer } from './peer.mjs';

const UNDER_WAY = 24;

await measurePeer(async ({ url, runs }) => {
  const { hostname: host, port, username, password, pathname } = new URL(url);
  const connection = {
    host,
    port: Number(port),
    username,
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    max: 8,
    onnotice: () => undefined,
  };
  await PostgresDataSource.initializeDBOSSchema(connection);
  const source = new PostgresDataSource('rows', connection);
  const step = source.registerTransaction(
    async (run) => void (await PostgresDataSource.client.unsafe(INSERT, [run, body], { prepare: true })),
    { name: 'step' },
  );
  const chain = DBOS.registerWorkflow(
    async (run) => {
      await step(run);
      await step(run);
    },
    { name: 'chain' },
  );
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: url,
    systemDatabasePoolSize: 8,
    logLevel: 'error',
    runAdminServer: false,
  });
  await DBOS.launch();
  const names = Array.from({ length: runs }, (_, index) => String(index)).values();
  return {
    async start() {
      await Promise.all(
        Array.from({ length: UNDER_WAY }, async () => {
          for (const run of names) {
            const handle = await DBOS.startWorkflow(chain)(run);
            await handle.getResult();
          }
        }),
      );
    },
    stop: () => DBOS.shutdown(),
  };
});
