import { join } from 'node:path';
import type { Topology } from '#shared/topology';
import { type FunctionWants, readFunction } from './read-function.ts';

/** Of every function and command, by its name. */
export type Wants = Readonly<Record<string, FunctionWants>>;

/** @param folder of all functions */
export function readWants({ functions, commands = [] }: Topology, folder: string): Wants {
  return Object.fromEntries(
    [...functions, ...commands].map(({ area, name }) => [
      name,
      readFunction(join(folder, area, name, 'function.ts')),
    ]),
  );
}
