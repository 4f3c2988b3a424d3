import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { z } from 'zod';
import { type Keys, readOrMakeKeyFile } from '#shared/auth';
import { Permanent } from '#shared/errors';
import type { Clock } from '#shared/function';

/** Who we are to push services (RFC 8292). */
export interface PushKey {
  /** For browsers that subscribe: base64url of the uncompressed point. */
  publicKey(): Promise<string>;
  /** `Authorization` of a push to this endpoint. */
  authorization(endpoint: URL): Promise<string>;
}

const NAME = 'push-key.json';
/** At most a day (RFC 8292, section 2); clocks differ. */
const GOOD_FOR_SECONDS = 12 * 3600;

/** A P-256 private key as a JWK. */
const privateJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().min(1),
  y: z.string().min(1),
  d: z.string().min(1),
});

/**
 * The key stands beside those that sign tokens, made at the first use. Browsers subscribe with it: a new one would end all
 * subscriptions.
 *
 * @param contact `mailto:` or `https:` of whoever runs this, for push services that have something to say
 * @throws Permanent `keys-folder-unusable`, `key-missing`, `push-key-unusable`, at the first use
 */
export function createPushKey(options: {
  keysFolder: string;
  use?: Keys;
  contact?: string | undefined;
  clock: Clock;
}): PushKey {
  const { keysFolder, use = 'made', contact, clock } = options;
  let loading: ReturnType<typeof load> | undefined;

  async function load() {
    const make = use === 'made' ? makeJwk : undefined;
    const jwk = readJwk(await readOrMakeKeyFile({ folder: keysFolder, name: NAME, make }));
    const point = [Buffer.of(4), Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')];
    const signer = await importJWK({ ...jwk, alg: 'ES256' }).catch((): never => {
      throw unusable();
    });
    return { signer, publicKey: Buffer.concat(point).toString('base64url') };
  }

  function key(): ReturnType<typeof load> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  return {
    publicKey: async () => (await key()).publicKey,
    async authorization({ origin }) {
      const { signer, publicKey } = await key();
      const token = await new SignJWT(contact === undefined ? {} : { sub: contact })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
        .setAudience(origin)
        .setExpirationTime(Math.floor(clock.now().getTime() / 1_000) + GOOD_FOR_SECONDS)
        .sign(signer);
      return `vapid t=${token}, k=${publicKey}`;
    },
  };
}

async function makeJwk(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return `${JSON.stringify(await exportJWK(privateKey))}\n`;
}

function readJwk(text: string): z.infer<typeof privateJwk> {
  try {
    return privateJwk.parse(JSON.parse(text));
  } catch {
    throw unusable();
  }
}

function unusable(): Permanent {
  return new Permanent(
    'push-key-unusable',
    `${NAME} is no P-256 private key (JWK); restore it, or remove it so that a new one is made (browsers must then subscribe again).`,
  );
}
