import { expect } from 'vitest';
import { newRunId } from '#shared/ledger';
import { until } from '../../end-to-end/processes.ts';
import type { TestPlatform } from '../platform/platform.ts';
import type { Approach } from './approach.ts';

/** The file is one run, which has read it. */
function madeOnce(platform: TestPlatform, path: string) {
  return async (settled: () => Promise<void>): Promise<void> => {
    const runs = () =>
      platform.rows<{ state: string }>(
        `select r.state from ledger.run r join ledger.event e on e.run = r.id
         where e.type = 'script.uploaded' and e.data ->> 'path' = $1`,
        [path],
      );
    await until({
      what: `${path} becomes a run`,
      limitMs: 60_000,
      look: async () => (await runs()).length > 0,
    });
    await settled();
    expect(await runs()).toEqual([{ state: 'completed' }]);
  };
}

export const uploaded: Approach = async (platform, group) => {
  const name = `${newRunId()}.md`;
  const grant = await group.ingress.order({ kind: 'open upload', account: 'alice', name });
  const { id } = grant as { id: string };
  return {
    order: { kind: 'upload', id, account: 'alice', text: `# ${name}\n` },
    afterwards: madeOnce(platform, `scripts/alice/${name}`),
  };
};

export const dropped: Approach = async (platform) => {
  const path = `scripts/alice/${newRunId()}.md`;
  await platform.drop(path, `# ${path}\n`);
  return { afterwards: madeOnce(platform, path) };
};
