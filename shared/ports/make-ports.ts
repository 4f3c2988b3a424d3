import type { Pool } from '#shared/database';
import { Permanent } from '#shared/errors';
import type { Clock, Ports } from '#shared/function';
import type { ObjectStore } from '#shared/storage';
import type { PortSettings } from './port-settings.ts';

/** What some ports work on, of the platform around them. */
export interface PlatformParts {
  readonly pool: Pool;
  /** Of the artifacts. */
  readonly store: ObjectStore;
  readonly clock: Clock;
}

/** Makes a port. What is heavy in it is loaded with its first use. */
export type PortMaker<Name extends keyof Ports> = (
  settings: PortSettings,
  platform: PlatformParts | undefined,
) => Ports[Name] | Promise<Ports[Name]>;

/** Loads the maker of a port; a process that hosts some functions has those of their ports. */
export type PortLoaders = { readonly [Name in keyof Ports]?: () => Promise<PortMaker<Name>> };

/** @throws Permanent `port-missing`, and whatever making a port throws */
export async function makePorts(options: {
  settings: PortSettings;
  platform: PlatformParts | undefined;
  loaders: PortLoaders;
  needs: readonly (keyof Ports)[];
}): Promise<Ports> {
  const { settings, platform, loaders, needs } = options;
  const made = await Promise.all(
    [...new Set(needs)].map(async (name) => {
      const load = loaders[name];
      if (load === undefined) throw new Permanent('port-missing', `This process does not offer "${name}".`);
      const make = await load();
      return [name, await make(settings, platform)] as const;
    }),
  );
  return Object.fromEntries(made) as unknown as Ports;
}
