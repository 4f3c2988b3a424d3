import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { Permanent } from '#shared/errors';

const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Reads an artifact of JSON and checks it.
 * @throws Permanent named after it: `script-invalid` for `script.json`
 */
export async function readJson<Schema extends z.ZodType>(request: {
  readonly path: string;
  /** `script.json`; names the error. */
  readonly name: string;
  readonly schema: Schema;
}): Promise<z.infer<Schema>> {
  const { path, name, schema } = request;
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw invalid(name, `it has ${size} bytes; ${MOST_BYTES} are the limit`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw invalid(name, 'it is no JSON');
  }
  const checked = schema.safeParse(parsed);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw invalid(name, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
}

function invalid(name: string, why: string): Permanent {
  const field = name.replace(/\.[^.]*$/, '');
  return new Permanent(`${field}-invalid`, `${name} cannot be used: ${why}. Retry the step that made it.`, {
    field,
  });
}
