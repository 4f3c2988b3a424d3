import { isMap, isNode, isScalar, parseDocument } from 'yaml';
import { z } from 'zod';
import { Permanent } from '#shared/errors';

export interface FunctionEntry {
  /** `area/name`. */
  readonly path: string;
  readonly profile: string;
  readonly on: string;
  readonly emits: string | undefined;
}

const page = z.object({ functions: z.record(z.string(), z.object({ triggers: z.unknown().optional() })) });

/**
 * Adds a function to the text of `events.yaml`, after the last one of its area, and what it emits to the terminal
 * events where nobody consumes it. Every other character stays as it was.
 */
export function addFunction(text: string, { path, profile, on, emits }: FunctionEntry): string {
  const lines = [
    `  ${path}:`,
    `    profile: ${profile}`,
    `    triggers: [${on}]`,
    ...(emits === undefined ? [] : [`    emits: [${emits}]`]),
  ];
  const area = `${path.split('/')[0]}/`;
  const added = insertAfter(text, { section: 'functions', lines, isNear: (key) => key.startsWith(area) });
  if (emits === undefined || isConsumed(text, emits) || keysOf(text, 'events').includes(emits)) return added;
  return insertAfter(added, {
    section: 'events',
    lines: [`  ${emits}: { terminal: true }`],
    isNear: () => true,
  });
}

function isConsumed(text: string, type: string): boolean {
  const { functions } = page.parse(parseDocument(text).toJS());
  return Object.values(functions).some(({ triggers }) =>
    JSON.stringify(triggers ?? []).includes(JSON.stringify(type)),
  );
}

/** Inserts lines after the last entry of a block map that is near, or after its last one. */
function insertAfter(
  text: string,
  { section, lines, isNear }: { section: string; lines: readonly string[]; isNear: (key: string) => boolean },
): string {
  const items = itemsOf(text, section);
  const neighbour = items.findLast(({ key }) => isNear(key)) ?? items.at(-1);
  if (neighbour === undefined) {
    throw new Permanent('topology-invalid', `events.yaml: "${section}" must be a map with an entry a line.`);
  }
  const lineEnd = text.indexOf('\n', text.slice(0, neighbour.end).trimEnd().length);
  const at = lineEnd < 0 ? text.length : lineEnd;
  return `${text.slice(0, at)}\n${lines.join('\n')}${lineEnd < 0 ? '\n' : text.slice(at)}`;
}

const keysOf = (text: string, section: string) => itemsOf(text, section).map(({ key }) => key);

/** The entries of a block map of the page, each with the offset where it ends. */
function itemsOf(text: string, section: string): readonly { key: string; end: number }[] {
  const map = parseDocument(text).get(section);
  if (!isMap(map) || map.flow) return [];
  return map.items.flatMap(({ key, value }) => {
    const end = isNode(value) ? value.range?.[1] : undefined;
    return isScalar(key) && end !== undefined ? [{ key: String(key.value), end }] : [];
  });
}
