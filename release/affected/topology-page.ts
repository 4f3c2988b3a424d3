import { parse } from 'yaml';
import { z } from 'zod';
import type { FunctionFolder } from './affected.ts';

const entry = z.looseObject({ profile: z.string().optional() });
const page = z.object({
  source: z.unknown().optional(),
  profiles: z.record(z.string(), z.unknown()).default({}),
  functions: z.record(z.string(), entry).default({}),
});

/**
 * The functions whose part of `events.yaml` is another one: an image carries its own entry, its profile, the source of
 * its events, and the names of the profiles.
 */
export function changedInTopology(
  functions: readonly FunctionFolder[],
  before: string,
  after: string,
): readonly string[] {
  const one = readPage(before);
  const other = readPage(after);
  return functions
    .filter(({ area, name }) => partOf(one, `${area}/${name}`) !== partOf(other, `${area}/${name}`))
    .map(({ name }) => name);
}

/** Whether the page says something else; other comments and spaces are no change. */
export function isAnotherPage(before: string, after: string): boolean {
  return JSON.stringify(readAny(before)) !== JSON.stringify(readAny(after));
}

function readAny(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

function readPage(text: string): z.infer<typeof page> {
  try {
    return page.parse(parse(text));
  } catch {
    // A page of another form: it differs from every other.
    return page.parse({ source: text });
  }
}

function partOf({ source, profiles, functions }: z.infer<typeof page>, path: string): string {
  const own = functions[path];
  return JSON.stringify([source, Object.keys(profiles), own, profiles[own?.profile ?? '']]);
}
