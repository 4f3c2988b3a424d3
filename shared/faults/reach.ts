import { faultFolder } from '#shared/config';
import { actAt } from './act.ts';

type Reached = (point: string) => Promise<void> | undefined;

const folder = faultFolder();
let reached: Reached | undefined = folder === undefined ? undefined : (point) => actAt(folder, point);

/**
 * Stands where a death matters. The fault tests find the names in the source and fail for one that no test reached;
 * without them this returns at once.
 */
export function reach(point: string): Promise<void> | undefined {
  return reached?.(point);
}

/** Has a test look on from inside this process; undefined ends it. */
export function onReach(look: Reached | undefined): void {
  reached = look;
}
