import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nearestWord, Permanent } from '#shared/errors';
import { type EventType, eventCatalogue, isEventType } from '#shared/events';
import { readTopology } from '#shared/topology';
import { functionText, testText } from './templates.ts';
import { addFunction, type FunctionEntry } from './topology-text.ts';
import { addVersion } from './versions-text.ts';
import { format, writeAll } from './write-all.ts';

/** What a person asks for. */
export interface Wish {
  /** The project's folder. */
  readonly root: string;
  /** `area/name`. */
  readonly path: string;
  readonly on: string;
  readonly emits: string | undefined;
  readonly profile: string;
}

/**
 * Adds a function to the project: all of its files, or nothing.
 *
 * @returns the paths that were written
 * @throws Permanent `name-invalid`, `name-taken`, `area-unknown`, `event-unknown`, `topology-invalid`
 */
export async function scaffold(wish: Wish): Promise<readonly string[]> {
  const { root, profile } = wish;
  const { area, name } = await readName(wish);
  const on = knownEvent(wish.on);
  const emits = wish.emits === undefined ? undefined : knownEvent(wish.emits);
  const entry: FunctionEntry = { path: `${area}/${name}`, profile, on, emits };

  const topologyPath = join(root, 'events.yaml');
  const topology = addFunction(await readFile(topologyPath, 'utf8'), entry);
  readTopology({ path: topologyPath, text: topology });
  const versions = addVersion(await readFile(join(root, 'versions.yaml'), 'utf8'), name);
  const folder = `functions/${area}/${name}`;
  const code = { name, on, emits };
  return writeAll(root, [
    { path: `${folder}/function.ts`, text: await format(root, functionText(code)) },
    { path: `${folder}/function.test.ts`, text: await format(root, testText(code)) },
    { path: 'events.yaml', text: topology },
    { path: 'versions.yaml', text: versions },
  ]);
}

const WORD = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** A Kubernetes name with room for what is added to it (RFC 1035: 63). */
const LONGEST = 50;

async function readName({ root, path }: Wish): Promise<{ area: string; name: string }> {
  const [area = '', name = '', ...more] = path.split('/');
  if (
    more.length > 0 ||
    !WORD.test(area) ||
    !WORD.test(name) ||
    name.length > LONGEST ||
    area.length > LONGEST
  ) {
    throw new Permanent(
      'name-invalid',
      `"${path}" cannot name a function: write area/name in lower case with dashes, such as video/count-words.`,
    );
  }
  const entries = await readdir(join(root, 'functions'), { withFileTypes: true });
  const areas = entries.filter((one) => one.isDirectory() && one.name !== 'ingress').map((one) => one.name);
  if (area === 'ingress') {
    throw new Permanent(
      'name-invalid',
      `functions/ingress is the front door; the areas are ${areas.join(', ')}.`,
    );
  }
  const meant = areas.includes(area) ? undefined : nearestWord(area, areas);
  if (meant !== undefined) {
    throw new Permanent('area-unknown', `There is no area "${area}"; did you mean ${meant}/${name}?`);
  }
  const taken = await takenNames(root, areas);
  const namesake = taken.find((one) => one.endsWith(`/${name}`));
  if (namesake === undefined) return { area, name };
  throw new Permanent('name-taken', `There is functions/${namesake} already; leaf names are unique.`);
}

async function takenNames(root: string, areas: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    areas.map(async (area) =>
      (await readdir(join(root, 'functions', area))).map((name) => `${area}/${name}`),
    ),
  );
  return found.flat();
}

function knownEvent(type: string): EventType {
  if (isEventType(type)) return type;
  const meant = nearestWord(type, Object.keys(eventCatalogue));
  throw new Permanent(
    'event-unknown',
    `There is no event "${type}"${meant === undefined ? '' : `; did you mean "${meant}"?`}\n` +
      `A new one is declared first, in shared/events:\n\n` +
      `  '${type}': defineEvent({\n    summary: 'What has happened.',\n` +
      `    data: z.strictObject({ words: z.int() }),\n    example: { words: 148 },\n  }),\n`,
  );
}
