import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { readProcessTable } from './process-table.ts';

const MIB = 2 ** 20;
/** Holds 200 MiB, says so, and waits. */
const GREEDY =
  'const held = Buffer.alloc(200 * 2 ** 20, 1); console.log(held.length); setInterval(() => held, 1e6)';

/** A process with little of its own, whose child (as a lane's FFmpeg) holds 200 MiB. */
async function family(): Promise<ChildProcess> {
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' }); setInterval(() => {}, 1e6)`;
  const child = spawn(process.execPath, ['-e', parent, GREEDY], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    const table = await readProcessTable();
    for (const pid of table.tree(child.pid ?? -1)) process.kill(pid, 'SIGKILL');
  });
  await once(child.stdout, 'data');
  return child;
}

it.runIf(process.platform === 'linux')(
  'counts what a process started for it: FFmpeg for its lane',
  async () => {
    const { pid = -1 } = await family();
    const table = await readProcessTable();
    const [own, started, ...more] = table.tree(pid);
    expect(own).toBe(pid);
    expect(more).toEqual([]);
    expect(table.treeBytes(started ?? -1)).toBeGreaterThan(200 * MIB);
    const alone = table.treeBytes(pid) - table.treeBytes(started ?? -1);
    expect(alone).toBeLessThan(150 * MIB);
    expect(alone).toBeGreaterThan(10 * MIB);
  },
);

it('finds nothing of a process that does not exist', async () => {
  const table = await readProcessTable();
  expect(table.tree(2 ** 30)).toEqual([]);
  expect(table.treeBytes(2 ** 30)).toBe(0);
});
