import { join } from 'node:path';
import { MillraceError } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { importGraph } from './import-graph.ts';

const LANE = 'localstack/embedded/lane-process.ts';
const PLATFORM = 'localstack/cli/dev/platform-process.ts';
/** What functions need: the platform only says how, lanes load it. */
const PORTS = 'shared/ports/create-ports.ts';
const SCHEDULER = 'localstack/embedded/scheduler-thread.ts';

/** What has to start anew, so that the changed code runs; `loads`: the programs and functions that it begins with. */
export type RestartPlan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'lanes'; readonly lanes: readonly string[]; readonly loads: readonly string[] }
  /** Ingress, the scheduler or what they import: the platform's process with all its lanes, but not the database. */
  | { readonly kind: 'platform'; readonly loads: readonly string[] }
  | { readonly kind: 'broken'; readonly problem: string };

/**
 * Finds which processes load the changed files.
 *
 * @param changed from the project's folder, with slashes
 */
export async function planRestart(request: {
  project: string;
  changed: readonly string[];
}): Promise<RestartPlan> {
  const { project, changed } = request;
  try {
    const { functions, profiles } = readTopology({ path: join(project, 'events.yaml') });
    const front = { kind: 'platform', loads: [PLATFORM, LANE] } as const;
    if (changed.includes('events.yaml')) return front;
    const platform = await importGraph({ project, roots: [PLATFORM, SCHEDULER], without: [LANE, PORTS] });
    if (touches(platform, changed)) return front;
    const lanes: string[] = [];
    const loads: string[] = [LANE];
    for (const lane of Object.keys(profiles)) {
      const own = functions.filter(({ profile }) => profile === lane);
      const roots = own.map(({ area, name }) => `functions/${area}/${name}/function.ts`);
      if (!touches(await importGraph({ project, roots: [LANE, ...roots] }), changed)) continue;
      lanes.push(lane);
      loads.push(...roots);
    }
    return lanes.length === 0 ? { kind: 'nothing' } : { kind: 'lanes', lanes, loads };
  } catch (error) {
    if (error instanceof MillraceError) return { kind: 'broken', problem: error.message };
    throw error;
  }
}

function touches(graph: ReadonlySet<string>, changed: readonly string[]): boolean {
  return changed.some((path) => {
    if (path.endsWith('.ts')) return graph.has(path);
    // SQL, tables and pictures are read at run time by some file of their folder.
    const folder = folderOf(path);
    return folder !== undefined && [...graph].some((file) => file.startsWith(folder));
  });
}

/** The shared folder or function that a file belongs to, where it can matter at run time. */
function folderOf(path: string): string | undefined {
  if (/(^|\/)(testing|fixtures|assembly)\/|\.md$/.test(path)) return undefined;
  return /^(shared\/[^/]+|functions\/ingress|functions\/[^/]+\/[^/]+)\//.exec(path)?.[0];
}
