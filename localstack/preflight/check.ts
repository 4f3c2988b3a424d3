import type { Config } from '#shared/config';

/** What a check found: `note` for the reader when all is well, else the problem and what to do about it. */
export type Finding =
  | { readonly ok: true; readonly note: string }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** One thing that must be so before the platform starts. Takes a second at most, changes nothing. */
export type Check = (context: { readonly config: Config; readonly signal: AbortSignal }) => Promise<Finding>;
