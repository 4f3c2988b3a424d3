import { connect } from '#shared/database';
import { createLog } from '#shared/telemetry';
import { createTestDatabase } from '../../../test/database.ts';
import { describeTransport } from '../testing/transport.contract.ts';
import { createPostgresTransport } from './postgres-transport.ts';

describeTransport('postgres', async () => {
  const database = await createTestDatabase();
  const pool = connect({ url: database.url, max: 4, applicationName: 'transport-test' });
  const log = createLog({ service: 'transport-test', level: 'silent' });
  return {
    open: () => createPostgresTransport({ pool, url: database.url, log }),
    async forge(_lane, body) {
      await pool.query("select pg_notify('millrace_wake', $1)", [body]);
    },
    async close() {
      await pool.end();
      await database.drop();
    },
  };
});
