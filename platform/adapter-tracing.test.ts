import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connect } from '#shared/database';
import { startCollector } from '../test/collector.ts';
import { createTestDatabase } from '../test/database.ts';
import { runRole, startRole } from './testing/role-process.ts';

it('a file that the adapter finds begins a trace, which its event carries on', async () => {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-adapter-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const collector = await startCollector();
  onTestFinished(async () => void (await collector.stop()));
  const pool = connect({ url, max: 1, applicationName: 'adapter-test' });
  onTestFinished(() => pool.end());

  const given = { DATABASE_URL: url, DATA_DIR: dataDir, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  expect(await runRole('migrate', given)).toMatchObject({ code: 0 });
  await mkdir(join(dataDir, 'inbox'), { recursive: true });
  await writeFile(join(dataDir, 'inbox', 'octopus.md'), '# Hearts\n\nAn octopus has three hearts.\n');
  const adapter = await startRole('adapter', given);
  const began = await vi
    .waitFor(
      async () => {
        const { rows } = await pool.query<{ traceparent: string }>(
          `select traceparent from ledger.event where type = 'script.uploaded'`,
        );
        expect(rows).toHaveLength(1);
        return rows[0]?.traceparent;
      },
      { timeout: 60_000, interval: 200 },
    )
    .finally(() => adapter.stop());

  const span = collector.spans.find(({ name }) => name === 'publish script.uploaded');
  expect(began).toBe(`00-${span?.traceId}-${span?.spanId}-01`);
  expect([...collector.services]).toEqual(['millrace-adapter']);
}, 180_000);
