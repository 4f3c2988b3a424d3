import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readTopology } from './read-topology.ts';
import { functionSessions } from './sessions.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const grouped = (count: number) => count.toLocaleString('en-GB');

it('docs/scale.md says of sessions what events.yaml comes to', () => {
  const topology = readTopology({ path: 'events.yaml', text: read('events.yaml') });
  const { connections = 0, platform = 0 } = topology.database ?? {};
  const all = functionSessions(topology).reduce((sum, fn) => sum + fn.all, 0);
  const row = read('docs/scale.md')
    .split('\n')
    .find((line) => line.startsWith('| sessions of PgBouncer |'));
  expect(row).toContain(`| ${grouped(connections)} |`);
  expect(row).toContain(
    `${grouped(all)} of all functions at their most and ${grouped(platform)} of the platform`,
  );
  expect(row).toContain(`${grouped(all + platform)} in all`);
});
