import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../end-to-end/processes.ts';

export type Fault = 'kill' | 'stop' | 'throw' | 'hold';

/** The folder in which processes of ours look what to do at a named point. */
export interface FaultPlan {
  readonly folder: string;
  /** Asks the first process that reaches the point to do this, once. */
  ask(point: string, fault: Fault): void;
  /** Resolves with the id of the process that did it. @throws Error naming the point where nobody reached it */
  taken(point: string, fault: Fault): Promise<number>;
  /** Lets a held process go on. */
  release(point: string): void;
  /** Forgets what nobody took. */
  clear(): void;
}

export function createFaultPlan(folder: string, limitMs = 60_000): FaultPlan {
  const fileOf = (point: string, fault: Fault) => join(folder, `${point}.${fault}`);
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    ask: (point, fault) => writeFileSync(fileOf(point, fault), ''),
    taken: (point, fault) =>
      until({
        what: `a process reaches ${point}`,
        limitMs,
        everyMs: 5,
        look: async () => {
          const path = `${fileOf(point, fault)}.taken`;
          const pid = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
          return pid > 0 && pid;
        },
      }),
    release: (point) => rmSync(`${fileOf(point, 'hold')}.taken`, { force: true }),
    clear() {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
    },
  };
}
