import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Permanent } from '#shared/errors';
import { buildTopology } from './build-topology.ts';
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
 * @throws Permanent `topology-invalid`, listing every problem as `file:line: path: what; nearest valid word`.
 */
export function readTopology({ path, text }: ReadOptions): Topology {
  const lines = new LineCounter();
  const document = parseDocument(text ?? readFileSync(path, 'utf8'), {
    lineCounter: lines,
    uniqueKeys: true,
  });
  const problems = new Problems({ file: basename(path), document, lines });
  for (const error of document.errors) {
    problems.found.push(
      `${basename(path)}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
    );
  }
  const page = problems.found.length === 0 ? parsePage(document.toJS(), problems) : undefined;
  const topology = page === undefined ? undefined : buildTopology(page, problems);
  if (topology === undefined || problems.found.length > 0) {
    throw new Permanent('topology-invalid', `The topology is not valid:\n${problems.found.join('\n')}`, {
      details: { problems: problems.found },
    });
  }
  return topology;
}

function parsePage(raw: unknown, problems: Problems): Page | undefined {
  const parsed = pageSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) reportIssue(issue, raw, problems);
  return undefined;
}

function reportIssue(issue: z.core.$ZodIssue, raw: unknown, problems: Problems): void {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) problems.addUnknown([...path, key], 'the word', key, knownKeys(path));
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
  const [section] = path;
  const within: Readonly<Record<string, z.ZodType>> = pageSchema.shape;
  if (section === undefined) return Object.keys(within);
  const keys: Readonly<Record<string, readonly string[]>> = {
    profiles: [
      'run',
      'cpu',
      'memory',
      'disk',
      'gpu',
      'timeout',
      'attempts',
      'concurrency',
      'scale',
      'min',
      'max',
    ],
    flows: ['title', 'starts', 'completed', 'failed'],
    events: ['terminal'],
    functions: ['profile', 'triggers', 'emits', 'puts', 'promises', 'all', 'each', 'of', 'schedule'],
  };
  return keys[String(section)] ?? [];
}
