import type { Config } from '#shared/config';
import type { DropOwners } from './erase.ts';

/** Whose dropped files are; keys are believed on a folder of this machine unless told otherwise. */
export function dropOwners({ inbox, objects }: Config): DropOwners {
  return { owner: inbox.owner, owners: inbox.owners ?? (objects === 's3' ? 'configured' : 'prefix') };
}
