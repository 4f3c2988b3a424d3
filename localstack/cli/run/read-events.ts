import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import { eventCatalogue } from '#shared/events';
import { type TopologyFunction, triggerTypes } from '#shared/topology';
import { mapObjects } from './map-objects.ts';
import type { GivenEvent } from './messages.ts';

/** Payloads are claim checks: no file of events is larger; bytes. */
const MAX_BYTES = 10_000_000;

/** What else a CloudEvent carries (id, source, time) is left out. */
const event = z.object({ type: z.string(), key: z.string().optional(), data: z.unknown() });
const page = z.union([z.array(event), event.transform((one) => [one])]);

/**
 * Reads events from a JSON file: one, or an array. `{ "file": … }` is made absolute, seen from the file's folder.
 *
 * @throws Permanent `events-unreadable`, `events-invalid`
 */
export async function readEvents(path: string): Promise<readonly GivenEvent[]> {
  const parsed = page.safeParse(await readJson(path));
  if (!parsed.success) {
    throw new Permanent(
      'events-invalid',
      `${path} must hold an event, { "type": "…", "data": { … } }, with "key" where it stands for a part, or an array of events.`,
    );
  }
  const folder = dirname(resolve(path));
  return parsed.data.map((one) => ({
    ...one,
    data: mapObjects(one.data, (value) =>
      typeof value.file === 'string' ? { ...value, file: resolve(folder, value.file) } : undefined,
    ),
  }));
}

async function readJson(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, more than ${MAX_BYTES}`);
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new Permanent('events-unreadable', `The events in ${path} cannot be read: ${reason}.`, { cause });
  }
}

/**
 * The examples of the event catalogue that wake a function.
 *
 * @throws Permanent `example-needs-files`: they name artifacts, which only the caller can give
 */
export function exampleEvents(fn: TopologyFunction): readonly GivenEvent[] {
  const types = fn.triggers.slice(0, 1).flatMap(triggerTypes);
  let needsFiles = false;
  const events = types.map((type): GivenEvent => {
    const { key, example } = eventCatalogue[type];
    const data = mapObjects(example, (value) => {
      if (typeof value.sha256 !== 'string') return undefined;
      needsFiles = true;
      return { file: basename(String(value.name)) };
    });
    return { type, ...(key === undefined ? {} : { key: `${key}-001` }), data };
  });
  if (!needsFiles) return events;
  throw new Permanent(
    'example-needs-files',
    `${fn.name} reads files, which the catalogue's example only names. Write this into a file with paths of yours, ` +
      `and give it with --event:\n${JSON.stringify(events, undefined, 2)}`,
  );
}
