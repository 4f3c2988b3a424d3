import { join } from 'node:path';
import { type Auth, createAuth, createUrlSigner } from '#shared/auth';

const clock = { now: () => new Date() };

/** Makes the keys that parts of the platform find in this data folder, and signs tokens with them. */
export async function giveKeys(dataFolder: string): Promise<Auth> {
  const keysFolder = join(dataFolder, 'keys');
  const auth = createAuth({ keysFolder, clock });
  await auth.jwks();
  await createUrlSigner({ keysFolder, clock }).sign({ method: 'GET', path: '/', expiresAt: clock.now() });
  return auth;
}
