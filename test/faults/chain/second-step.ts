import { readFile } from 'node:fs/promises';
import { defineFunction } from '#shared/function';

/** Reads what the first step made, places it for people, writes a row and an artifact. */
export default defineFunction({
  name: 'second-step',
  summary: 'The second of two steps.',
  consumes: ['pipeline.thumbnail.created'],
  needs: [],
  async handle(input, deps) {
    const { settings, artifact: first } = input.one('pipeline.thumbnail.created').data;
    const text = await readFile(await deps.fetch(first), 'utf8');
    const artifact = await deps.put('second.txt', { bytes: `second after ${text}` });
    const key = await deps.place(first, 'first.txt');
    return {
      puts: [{ artifact, data: { settings, products: [first] } }],
      emits: [
        {
          type: 'pipeline.video.placed',
          data: { products: [{ name: 'first.txt', key, bytes: first.bytes }] },
        },
      ],
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
