import { type ArtifactRef, artifactRef } from '#shared/events';
import type { RunRows } from '#shared/ledger';

/** A file of a run, and whether steps that have not ended well read it. */
export interface RunFile {
  readonly artifact: ArtifactRef;
  readonly isNeeded: boolean;
}

/**
 * Every file of a run, by key. Steps know files from their events alone, so what is needed is named by the events that
 * dead deliveries and unfinished joins hold, and by those that came from outside: the run can begin anew.
 */
export function findFiles(rows: RunRows): readonly RunFile[] {
  const open = new Set([
    ...rows.delivery.filter(({ state }) => state !== 'done').flatMap((one) => one.inputs ?? [one.event]),
    ...heldByJoins(rows),
  ]);
  const found = new Map<string, RunFile>();
  const add = (artifact: ArtifactRef, isNeeded: boolean): void => {
    const known = found.get(artifact.key);
    found.set(artifact.key, { artifact, isNeeded: isNeeded || (known?.isNeeded ?? false) });
  };
  for (const { object_key: key, name, type, bytes, sha256 } of rows.artifact)
    add({ key, name, type, bytes, sha256 }, false);
  for (const event of rows.event) {
    const isNeeded = event.cause === null || open.has(event.id);
    for (const artifact of artifactsIn(event.data)) add(artifact, isNeeded);
  }
  return [...found.values()];
}

function heldByJoins(rows: RunRows): readonly string[] {
  const keysOpen = new Set(
    rows.join_key.filter(({ fired_at: fired }) => fired === null).map(({ group_id: group }) => group),
  );
  const groups = new Set(
    rows.join_group
      .filter(({ id, fired_at: fired }) => fired === null || keysOpen.has(id))
      .map(({ id }) => id),
  );
  return rows.join_part.filter((part) => groups.has(part.group_id)).map(({ event }) => event);
}

/** References to artifacts, however deep they lie. */
function artifactsIn(value: unknown): readonly ArtifactRef[] {
  if (typeof value !== 'object' || value === null) return [];
  const parsed = artifactRef().safeParse(value);
  return parsed.success ? [parsed.data] : Object.values(value).flatMap(artifactsIn);
}
