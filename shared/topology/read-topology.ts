import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Permanent } from '#shared/errors';
import { buildTopology } from './build-topology.ts';
import { knownKeys } from './known-keys.ts';
import type { Topology } from './model.ts';
import { type Page, pageSchema } from './page-schema.ts';
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
  const source = text ?? readPage(path);
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true });
  const problems = new Problems({ file: basename(path), document, lines });
  for (const error of document.errors) {
    const [at] = error.pos;
    const what =
      error.code === 'DUPLICATE_KEY'
        ? `"${/^[^:\n]*/.exec(source.slice(at))?.[0]}" stands here a second time; rename or remove one of them`
        : error.message.split('\n')[0];
    problems.found.push(`${basename(path)}:${lines.linePos(at).line}: ${what}`);
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
    reportWords(issue.keys, path, problems);
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
  if (issue.code === 'invalid_union' && typeof value === 'object' && value !== null) {
    const known = knownKeys(pageSchema, path);
    const unknown = Object.keys(value).filter((key) => !known.includes(key));
    if (unknown.length > 0) {
      reportWords(unknown, path, problems);
      return;
    }
  }
  const shown = value === undefined ? 'is missing' : `${JSON.stringify(value)} is not valid`;
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    problems.addUnknown(path, 'the value', value, issue.values.map(String));
    return;
  }
  problems.add(path, `${shown}: ${issue.message}`);
}

function reportWords(words: readonly string[], path: Path, problems: Problems): void {
  const known = knownKeys(pageSchema, path);
  for (const word of words) {
    const meant = SYNONYMS[word];
    if (meant !== undefined && known.includes(meant)) {
      problems.add([...path, word], `the word "${word}" is not known; did you mean "${meant}"?`);
    } else problems.addUnknown([...path, word], 'the word', word, known);
  }
}

/** Words of other tools, whose nearest word in letters is not the one that was meant. */
const SYNONYMS: Readonly<Record<string, string>> = { on: 'triggers', trigger: 'triggers', true: 'triggers' };
