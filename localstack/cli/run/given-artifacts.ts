import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Permanent } from '#shared/errors';
import type { ArtifactRef } from '#shared/events';
import { type ObjectStore, openStore, type StoreSettings } from '#shared/storage';
import { mapObjects } from './map-objects.ts';
import type { GivenEvent } from './messages.ts';

/** The artifacts that events brought along, by key, with the file that each was. */
export interface GivenArtifacts {
  readonly events: readonly GivenEvent[];
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Puts what the events name into the store of this run: files of the caller (`{ "file": … }`), and objects of
 * the platform's own store, named by their keys as its events do.
 *
 * @throws Permanent `artifact-missing`
 */
export async function bringArtifacts(request: {
  events: readonly GivenEvent[];
  store: ObjectStore;
  /** The platform's own store. */
  artifacts: StoreSettings;
}): Promise<GivenArtifacts> {
  const { events, store, artifacts } = request;
  const refs = new Map<string, ArtifactRef>();
  const files = new Map<string, string>();
  for (const path of named(events, 'file')) {
    if (!(await stat(path).catch(() => undefined))?.isFile()) {
      throw new Permanent('artifact-missing', `An event names the file ${path}, which is not there.`);
    }
    const name = basename(path);
    const { key, type, bytes, sha256 } = await store.put(
      `runs/given/${refs.size}/${name}`,
      createReadStream(path),
    );
    refs.set(path, { name, key, type, bytes, sha256 });
    files.set(key, path);
  }
  for (const key of named(events, 'key')) {
    const platform = await openStore(artifacts);
    if ((await platform.head(key)) === undefined) {
      throw new Permanent(
        'artifact-missing',
        `An event names the artifact ${key}, which is not in ${artifacts.driver === 's3' ? `the bucket ${artifacts.bucket}` : artifacts.root}; write { "file": "a path" } in its place.`,
      );
    }
    await store.put(key, await platform.get(key));
  }
  return { files, events: events.map((event) => ({ ...event, data: withRefs(event.data, refs) })) };
}

/** The paths (`file`) or keys (`key`) of the artifacts in the events' payloads, each once. */
function named(events: readonly GivenEvent[], field: 'file' | 'key'): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { data } of events) {
    mapObjects(data, (object) => {
      const value = object[field];
      const isArtifact = field === 'file' || typeof object.sha256 === 'string';
      if (isArtifact && typeof value === 'string') found.add(value);
      return undefined;
    });
  }
  return found;
}

const withRefs = (data: unknown, refs: ReadonlyMap<string, ArtifactRef>): unknown =>
  mapObjects(data, ({ file }) => (typeof file === 'string' ? refs.get(file) : undefined));
