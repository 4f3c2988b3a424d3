import { describe, expect, it } from 'vitest';
import { experiments } from './negative/experiments.ts';
import { inLaboratory } from './negative/laboratory.ts';

describe.each(experiments)('$name', ({ guarantee, topology, sabotage, run }) => {
  it('breaks nothing on the ledger as it is', async () => {
    expect(await inLaboratory(topology, [], run)).toEqual([]);
  });

  it(`breaks "${guarantee}" once a statement is broken so`, async () => {
    const broken = await inLaboratory(topology, sabotage, run);
    expect(broken.map((words) => words.split(':')[0])).toContain(guarantee);
  });
});
