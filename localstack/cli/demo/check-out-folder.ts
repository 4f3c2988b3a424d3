import { access, constants, mkdir, stat } from 'node:fs/promises';
import { Permanent } from '#shared/errors';

/**
 * Makes the folder for the copies before the work begins, not after a video that then cannot be put there.
 *
 * @throws Permanent `out-unusable`
 */
export async function checkOutFolder(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    if (!(await stat(out)).isDirectory()) throw new Error('it is no folder');
    await access(out, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Permanent(
      'out-unusable',
      `Nothing can be put into --out ${out}: ${reason}. Name another folder.`,
    );
  }
}
