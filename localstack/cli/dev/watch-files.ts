import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps, and a checkout writes many: they are told of together, so long after the last. */
const QUIET_MS = 150;

const FOLDERS = ['functions', 'shared', 'platform', 'localstack'];

/** Tells of changed files of the project that run: from its folder, with slashes. */
export function watchFiles({
  project,
  onChange,
}: {
  project: string;
  onChange: (changed: readonly string[]) => void;
}): { close(): void } {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const note = (path: string) => {
    if (!matters(path)) return;
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const told = [...changed].sort();
      changed.clear();
      onChange(told);
    }, QUIET_MS);
  };
  const watchers: FSWatcher[] = FOLDERS.map((folder) =>
    watch(join(project, folder), { recursive: true }, (_, name) => {
      if (name !== null) note(`${folder}/${name.replaceAll('\\', '/')}`);
    }),
  );
  watchers.push(watch(project, (_, name) => name === 'events.yaml' && note(name)));
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Tests, and what editors keep beside a file (`.swp`, `~`), do not run; a folder has no extension. */
function matters(path: string): boolean {
  return /\.(ts|js|css|json|sql|yaml|wasm|txt)$/.test(path) && !/\.(test|contract)\.ts$/.test(path);
}
