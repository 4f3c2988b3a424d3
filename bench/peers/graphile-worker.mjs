/** graphile-worker at its best: jobs fetched in advance into a local queue, completed together. At least once. */
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { body, INSERT, measurePeer } from './peer.mjs';

await measurePeer(async ({ url, runs }) => {
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  await utils.migrate();
  await addAll(utils, runs);
  let runner;
  const step = (next) => async (payload, helpers) => {
    await helpers.withPgClient(async (client) => {
      await client.query({
        name: 'effect',
        text: INSERT,
        values: [String(payload.run), JSON.stringify(payload.body)],
      });
    });
    if (next !== undefined) await helpers.addJob(next, payload);
  };
  return {
    async start() {
      runner = await run({
        connectionString: url,
        logger,
        noHandleSignals: true,
        taskList: { first: step('second'), second: step(undefined) },
        preset: {
          worker: {
            concurrentJobs: 24,
            maxPoolSize: 8,
            pollInterval: 100,
            localQueue: { size: 500 },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
          },
        },
      });
    },
    stop: () => runner.stop(),
  };
});

async function addAll(utils, runs) {
  for (let n = 0; n < runs; n += 500) {
    await utils.addJobs(
      Array.from({ length: Math.min(500, runs - n) }, (_, index) => ({
        identifier: 'first',
        payload: { run: n + index, body },
      })),
    );
  }
}
