import { readFile, stat } from 'node:fs/promises';
import { Permanent } from '#shared/errors';
import { type Scene, script } from '#shared/events';

const mostBytes = 8 * 1024 * 1024;

/** The scenes of `script.json`. @throws Permanent `script-invalid` */
export async function readScenes(path: string): Promise<readonly Scene[]> {
  const { size } = await stat(path);
  if (size > mostBytes) {
    throw invalid(`it has ${size} bytes; ${mostBytes} are the limit`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw invalid('it is no JSON');
  }
  const checked = script.safeParse(parsed);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw invalid(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
  }
  return checked.data.scenes;
}

function invalid(why: string): Permanent {
  return new Permanent('script-invalid', `script.json cannot be illustrated: ${why}.`, { field: 'script' });
}
