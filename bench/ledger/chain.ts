import type { Pool } from '#shared/database';
import { defineFunction, type FunctionDefinition } from '#shared/function';
import { newRunId } from '#shared/ledger';

/** About 1 KB, in every event and every row. */
export const body = { products: [{ name: 'a.txt', key: 'x'.repeat(1_000), bytes: 1 }] };

export const started = {
  topic: 'Bench',
  settings: { format: 'long', width: 1920, height: 1080, fps: 30, seconds: 60, language: 'en' },
};

/** What a step does besides emitting: a row of its own in the commit's transaction, or nothing. */
export type Writes = 'own row' | 'nothing';

/** The two steps; only the first emits. */
export function chain(writes: Writes): readonly FunctionDefinition[] {
  const step = (name: string, consumes: 'pipeline.started' | 'pipeline.video.placed', isLast: boolean) =>
    defineFunction({
      name,
      summary: 'A step of the benchmark.',
      consumes: [consumes],
      needs: [],
      async handle({ run }) {
        const emits = isLast ? [] : [{ type: 'pipeline.video.placed' as const, data: body }];
        if (writes === 'nothing') return { emits };
        return {
          emits,
          write: async (tx) => {
            await tx.query('insert into effect (run, body) values ($1, $2)', [run.id, JSON.stringify(body)]);
            return {};
          },
        };
      },
    }) as unknown as FunctionDefinition;
  return [step('first-step', 'pipeline.started', false), step('second-step', 'pipeline.video.placed', true)];
}

/** Opens runs whose first delivery is due, without the cost of publishing them one by one. */
export async function publishMany(pool: Pool, count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => newRunId());
  const data = JSON.stringify({ ...started, topic: 'x'.repeat(200) });
  await pool.query(
    `insert into ledger.run (id, flow, owner, title) select id, 'video', 'bench', 'B' from unnest($1::uuid[]) id`,
    [ids],
  );
  await pool.query(
    `insert into ledger.event (id, run, type, source, data)
     select overlay(id::text placing '0001' from 33)::uuid, id, 'pipeline.started', 'urn:bench', $2
     from unnest($1::uuid[]) id`,
    [ids, data],
  );
  await pool.query(
    `insert into ledger.delivery (run, event, function, trigger, owner, lane)
     select id, overlay(id::text placing '0001' from 33)::uuid, 'first-step', 0, 'bench', 'light'
     from unnest($1::uuid[]) id`,
    [ids],
  );
  await pool.query('analyze ledger.run, ledger.event, ledger.delivery');
}
