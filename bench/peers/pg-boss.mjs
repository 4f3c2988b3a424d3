/** pg-boss, transactional: a batch, what its steps wrote and the next jobs commit together, and fail together. */
import { PgBoss } from 'pg-boss';
import { body, measurePeer } from './peer.mjs';

await measurePeer(async ({ url, runs, batchSize, workers, writes, counted }) => {
  const boss = new PgBoss({ connectionString: url, max: workers * 2 + 4, supervise: false, schedule: false });
  boss.on('error', (error) => process.stderr.write(`${error.message}\n`));
  await boss.start();
  for (const queue of ['first', 'second']) {
    await boss.createQueue(queue);
    await boss.deleteAllJobs(queue);
  }
  for (let n = 0; n < runs; n += 1_000) {
    await boss.insert(
      'first',
      Array.from({ length: Math.min(1_000, runs - n) }, (_, index) => ({ data: { run: n + index, body } })),
    );
  }
  const options = {
    transactional: true,
    batchSize,
    localConcurrency: workers,
    pollingIntervalSeconds: 0.5,
    burstWhenBatchFull: true,
  };
  const step = (next) => async (jobs, tx) => {
    if (writes === 'own row') {
      const rows = jobs.map((_, index) => `($${index * 2 + 1}, $${index * 2 + 2})`).join(', ');
      await tx.executeSql(
        `insert into peer_effect (run, body) values ${rows}`,
        jobs.flatMap(({ data }) => [String(data.run), JSON.stringify(data.body)]),
      );
    }
    if (next !== undefined)
      await boss.insert(
        next,
        jobs.map(({ data }) => ({ data })),
        { db: tx },
      );
    if (writes !== 'own row') for (const _ of jobs) counted();
  };
  return {
    async start() {
      await boss.work('first', options, step('second'));
      await boss.work('second', options, step(undefined));
    },
    stop: () => boss.stop({ graceful: false }),
  };
});
