import type { Topology } from '#shared/topology';
import { PLATFORM } from '../images/target.ts';
import type { PlatformFolders } from './affected/index.ts';

/** How a name of `versions.yaml` runs on a cluster. */
export type Run = 'service' | 'job' | 'platform';

/** The platform and the commands, which its front door answers: one image, one version. */
export function platformFolders({ commands = [] }: Pick<Topology, 'commands'>): PlatformFolders {
  return {
    name: PLATFORM,
    entry: 'platform/main.ts',
    own: [
      'platform/',
      'functions/ingress/',
      ...commands.map(({ area, name }) => `functions/${area}/${name}/`),
    ],
  };
}

/** @returns nothing for what `events.yaml` does not name */
export function runOf(
  { functions, profiles }: Pick<Topology, 'functions' | 'profiles'>,
  name: string,
): Run | undefined {
  if (name === PLATFORM) return 'platform';
  const found = functions.find((each) => each.name === name);
  return found && profiles[found.profile]?.run;
}
