import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Permanent, Transient } from '#shared/errors';
import { defineFunction } from '#shared/function';

/** Behaves as the topic says; else writes a row and an artifact. */
export default defineFunction({
  name: 'first-step',
  summary: 'The first of two steps.',
  consumes: ['pipeline.started'],
  needs: [],
  async handle(input, deps) {
    const { settings, topic = '' } = input.one('pipeline.started').data;
    const artifact = await deps.put('first.txt', { bytes: `first of ${input.run.id}` });
    if (topic.startsWith('dies')) process.kill(process.pid, 'SIGKILL');
    if (topic.startsWith('asks a provider')) await deps.provider('mail');
    if (topic.startsWith('hangs')) await new Promise(() => undefined);
    if (topic.startsWith('fails for good')) throw new Permanent('told-to', 'The topic says so.');
    if (topic.startsWith('fails once') && input.delivery.attempt === 1)
      throw new Transient('told-to', 'The topic says so.');
    if (topic.startsWith('fills its folder'))
      await writeFile(join(deps.workdir, 'large'), Buffer.alloc(2 ** 21));
    if (topic.startsWith('takes a while')) await sleep(400);
    if (topic.startsWith('takes long')) await sleep(60_000, undefined, { signal: deps.signal });
    return {
      puts: [{ artifact, data: { settings, credits: [] } }],
      write: async (tx) => {
        await tx.query('insert into effect (delivery, run) values ($1, $2)', [
          input.delivery.id,
          input.run.id,
        ]);
        return {};
      },
    };
  },
});
