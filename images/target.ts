import type { Topology } from '#shared/topology';
import { knownFunction } from './definition.ts';

/** The image of the platform's own processes. */
export const PLATFORM = 'platform';
/** Targets whose images have FFmpeg. */
const WITH_FFMPEG = ['ffmpeg', 'gpu'];

/**
 * The target of `images/Dockerfile` that makes the image of a function: that of its profile, and the one with FFmpeg for
 * whoever needs `media`.
 *
 * @throws Permanent `function-unknown`
 */
export async function targetOf(name: string, topology: Topology): Promise<string> {
  if (name === PLATFORM) return PLATFORM;
  const { fn, definition } = await knownFunction(name, topology);
  return definition.needs.includes('media') && !WITH_FFMPEG.includes(fn.profile) ? 'ffmpeg' : fn.profile;
}
