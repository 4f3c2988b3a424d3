import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Topology, TopologyFunction } from '#shared/topology';
import { createPlan } from './plan.ts';
import { type ObjectUse, policies } from './policies.ts';

/** The names that hold unless the configuration says otherwise. */
const names = {
  prefix: 'millrace',
  buckets: { inbox: 'millrace-inbox', artifacts: 'millrace-artifacts' },
};

/** What follows from `events.yaml` for S3 and SQS, as files of `localstack/generated`, by their path there. */
export async function generatedProvision(options: {
  topology: Topology;
  /** Folder of the functions; absolute. */
  functions: string;
}): Promise<Readonly<Record<string, string>>> {
  const { topology, functions } = options;
  const uses = new Map<string, ObjectUse>();
  for (const fn of topology.functions) uses.set(fn.name, await useOf(fn, functions));
  const nothing = { fetches: false, puts: false, places: false, retains: false, pictures: false };
  const roles = policies({ topology, names, use: ({ name }) => uses.get(name) ?? nothing });
  const plan = createPlan({ topology, ...names, corsOrigins: ['*'] });
  return {
    'plan.json': json({ $comment: 'Generated from events.yaml: npm run generate', ...plan }),
    ...Object.fromEntries(Object.entries(roles).map(([name, policy]) => [`iam/${name}.json`, json(policy)])),
  };
}

/** Read from its code: `deps.fetch`, `deps.put`, `deps.place` and two ports are the only ways to objects. */
async function useOf({ area, name, puts }: TopologyFunction, functions: string): Promise<ObjectUse> {
  const folder = join(functions, area, name);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const code = (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
  return {
    fetches: /\bfetch\b/.test(code),
    puts: Object.keys(puts).length > 0 || /\bput\(/.test(code),
    places: /\bplace\(/.test(code),
    retains: /\bretention\b/.test(code),
    pictures: /\bpictureFiles\b/.test(code),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
