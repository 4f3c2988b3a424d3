import type { Clock } from '#shared/function';
import { type Keys, loadSigningKeys, type SigningKeys } from './signing-keys.ts';

/** What changed in the folder is known after so long: a key is published for much longer before it signs. */
const FRESH_MS = 60_000;
/** For a key that is not known, which may be newer: looked for no more often than this. */
const SOONEST_MS = 5_000;

/** The signing keys of a folder, as they are now. */
export interface Keyring {
  keys(): Promise<SigningKeys>;
  /** Looks anew where this key is not known. */
  keysWith(kid: string): Promise<SigningKeys>;
}

export function createKeyring(options: { keysFolder: string; clock: Clock; use: Keys }): Keyring {
  const { keysFolder, clock, use } = options;
  let loaded: SigningKeys | undefined;
  let lookedAt = 0;
  let looking: Promise<SigningKeys> | undefined;

  function look(): Promise<SigningKeys> {
    looking ??= loadSigningKeys(keysFolder, use, clock.now())
      .then((found) => {
        loaded = found;
        return found;
      })
      .catch((error: unknown) => {
        // What was good a minute ago is better than nothing; it is looked for again.
        if (loaded === undefined) throw error;
        return loaded;
      })
      .finally(() => {
        lookedAt = clock.now().getTime();
        looking = undefined;
      });
    return looking;
  }

  /** A clock that went back is none to wait for. */
  const isOlderThan = (ms: number): boolean => Math.abs(clock.now().getTime() - lookedAt) >= ms;

  return {
    keys: async () => (loaded === undefined || isOlderThan(FRESH_MS) ? look() : loaded),
    async keysWith(kid) {
      const known = loaded === undefined || isOlderThan(FRESH_MS) ? await look() : loaded;
      return known.verifiers.has(kid) || !isOlderThan(SOONEST_MS) ? known : look();
    },
  };
}
