import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { openWatchTable, sharedNow } from './watch-table.ts';

describe('a table of what is in work', () => {
  it('shows what was begun and not ended, with its deadline, also on another view of its memory', () => {
    const table = openWatchTable();
    const [first, second] = [randomUUID(), randomUUID()];
    const place = table.begin(first, 1_000.5);
    table.begin(second, 2_000);
    const other = openWatchTable(table.memory);
    expect(other.running()).toEqual([
      expect.objectContaining({ delivery: first, deadline: 1_000.5 }),
      expect.objectContaining({ delivery: second, deadline: 2_000 }),
    ]);
    table.end(place);
    expect(other.running().map(({ delivery }) => delivery)).toEqual([second]);
  });

  it('tells two deliveries apart that had the same place', () => {
    const table = openWatchTable();
    table.end(table.begin(randomUUID(), 1));
    const before = table.begin(randomUUID(), 1);
    const [old] = table.running();
    table.end(before);
    expect(table.begin(randomUUID(), 1)).toBe(before);
    const [now] = table.running();
    expect(now?.place).toBe(old?.place);
    expect(now?.turn).not.toBe(old?.turn);
  });

  it('refuses more than it has places for, and has them again once they are free', () => {
    const table = openWatchTable();
    const places = Array.from({ length: 4_096 }, () => table.begin(randomUUID(), 1));
    expect(() => table.begin(randomUUID(), 1)).toThrow(/4096/);
    for (const place of places) table.end(place);
    expect(table.running()).toEqual([]);
    table.begin(randomUUID(), 1);
    expect(table.running()).toHaveLength(1);
  });

  it('has one clock with the thread that reads it', async () => {
    const program = `require('node:worker_threads').parentPort.postMessage(performance.timeOrigin + performance.now())`;
    const before = sharedNow();
    const worker = new Worker(program, { eval: true });
    const [theirs] = (await once(worker, 'message')) as [number];
    await worker.terminate();
    expect(theirs).toBeGreaterThan(before - 5);
    expect(theirs).toBeLessThan(sharedNow() + 5);
  });
});
