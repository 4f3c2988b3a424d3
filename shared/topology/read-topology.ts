import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Permanent } from '#shared/errors';
import { buildTopology } from './build-topology.ts';
import type { Topology } from './model.ts';
import { type Page, pageSchema, profileFields } from './page-schema.ts';
import { type Path, Problems } from './problems.ts';

export interface ReadOptions {
  /** Path of `events.yaml`. */
  readonly path: string;
  /** Read this instead of the file (tests, editors). */
  readonly text?: string;
}

/**
 * Reads and checks the topology.
 *
 * @throws Permanent `topology-missing`, or `topology-invalid`, listing every problem as `file:line: path: what; nearest valid word`.
 */
export function readTopology({ path, text }: ReadOptions): Topology {
  const lines = new LineCounter();
  const document = parseDocument(text ?? readPage(path), {
    lineCounter: lines,
    uniqueKeys: true,
  });
  const problems = new Problems({ file: basename(path), document, lines });
  for (const error of document.errors) {
    problems.found.push(
      `${basename(path)}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
    );
  }
  const page = problems.found.length === 0 ? parsePage(valuesOf(document, problems), problems) : undefined;
  const topology = page === undefined ? undefined : buildTopology(page, problems);
  if (topology === undefined || problems.found.length > 0) {
    throw new Permanent('topology-invalid', `The topology is not valid:\n${problems.found.join('\n')}`, {
      details: { problems: problems.found },
    });
  }
  return topology;
}

function readPage(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Permanent(
      'topology-missing',
      `The topology "${basename(path)}" cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
      { cause: error },
    );
  }
}

/** Aliases that unfold into millions of values are refused by the parser only here. */
function valuesOf(document: Document.Parsed, problems: Problems): unknown {
  try {
    return document.toJS();
  } catch (error) {
    problems.add([], (error as Error).message);
    return undefined;
  }
}

function parsePage(raw: unknown, problems: Problems): Page | undefined {
  const parsed = pageSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  if (problems.found.length > 0) return undefined;
  for (const issue of parsed.error.issues) reportIssue(issue, raw, problems);
  return undefined;
}

function reportIssue(issue: z.core.$ZodIssue, raw: unknown, problems: Problems): void {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const known = knownKeys(path);
      const meant = SYNONYMS[key];
      if (meant !== undefined && known.includes(meant)) {
        problems.add([...path, key], `the word "${key}" is not known; did you mean "${meant}"?`);
      } else problems.addUnknown([...path, key], 'the word', key, known);
    }
    return;
  }
  if (issue.code === 'invalid_key') {
    problems.add(
      path,
      `the name "${String(path.at(-1))}" is not valid: it ${issue.issues[0]?.message ?? ''}`,
    );
    return;
  }
  const value = path.reduce<unknown>(
    (at, step) => (at as Record<string, unknown> | undefined)?.[String(step)],
    raw,
  );
  const shown = value === undefined ? 'is missing' : `${JSON.stringify(value)} is not valid`;
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    problems.addUnknown(path, 'the value', value, issue.values.map(String));
    return;
  }
  problems.add(path, `${shown}: ${issue.message}`);
}

/** The keys that the schema knows at a path of the page. */
function knownKeys(path: Path): readonly string[] {
  const within: Readonly<Record<string, z.ZodType>> = pageSchema.shape;
  const [section, , field] = path;
  if (section === undefined) return Object.keys(within);
  if (section === 'profiles' && field !== undefined) return PROFILE_KEYS[String(field)] ?? [];
  return SECTION_KEYS[String(section)] ?? [];
}

const PROFILE_KEYS: Readonly<Record<string, readonly string[]>> = {
  scale: ['min', 'max'],
  requests: ['cpu', 'memory'],
  tolerations: ['key', 'operator', 'value', 'effect'],
};

const SECTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  profiles: Object.keys(profileFields),
  database: ['connections', 'platform'],
  flows: ['title', 'starts', 'completed', 'failed'],
  events: ['terminal'],
  functions: ['profile', 'triggers', 'uses', 'acts', 'emits', 'puts', 'promises'],
};

/** Words of other tools, whose nearest word in letters is not the one that was meant. */
const SYNONYMS: Readonly<Record<string, string>> = { on: 'triggers', trigger: 'triggers', true: 'triggers' };
