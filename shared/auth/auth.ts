import { randomUUID } from 'node:crypto';
import { errors, type JWK, type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { MillraceError, Permanent } from '#shared/errors';
import type { Clock } from '#shared/function';
import { createKeyring } from './keyring.ts';
import type { Keys } from './signing-keys.ts';

/** Who a verified token speaks for. */
export interface Principal {
  readonly sub: string;
  /** Owner of all that this principal makes. */
  readonly account: string;
  readonly roles: readonly string[];
  /** Where somebody signed in; absent in a token that the operator made. */
  readonly session?: string;
  readonly expiresAt: Date;
}

export interface TokenRequest {
  readonly sub: string;
  readonly account: string;
  readonly roles: readonly string[];
  /** Id of the session that it belongs to. */
  readonly session?: string;
  /** 1 to 31,536,000 (a year). */
  readonly ttlSeconds: number;
}

/** Issues and checks tokens. Keys are made in the folder at the first use, by whichever process comes first. */
export interface Auth {
  /** @throws Permanent `token-request-invalid` */
  issue(request: TokenRequest): Promise<string>;
  /** @throws Permanent `token-expired`, `token-invalid` */
  verify(token: string): Promise<Principal>;
  /** The public keys (RFC 7517). */
  jwks(): Promise<{ readonly keys: readonly JWK[] }>;
}

const ISSUER = 'millrace';
const AUDIENCE = 'millrace';
/** A token of ours has some 400 characters. */
const MAX_TOKEN_LENGTH = 4_096;
/** Checking a signature costs more than the rest of a short request. Some 8 MB. */
const MOST_REMEMBERED = 10_000;

const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces');
const roles = z.array(z.string().regex(/^[a-z][a-z0-9-]{0,49}$/)).max(20);
const tokenRequest = z.strictObject({
  sub: name,
  account: name,
  roles,
  session: z.uuid().optional(),
  ttlSeconds: z.int().min(1).max(31_536_000),
});
const claims = z.object({
  sub: name,
  account: name,
  roles: roles.default([]),
  // As OpenID Connect calls it (Front-Channel Logout 1.0, section 3).
  sid: z.uuid().optional(),
  exp: z.int(),
});

/**
 * EdDSA tokens (RFC 8037) with `sub`, `account`, `roles`, `sid`, `aud`, `iss`, `exp` and a `kid` that names the key.
 *
 * @param use `given` keys must be there, and nothing is written
 */
export function createAuth({
  keysFolder,
  clock,
  use = 'made',
}: {
  keysFolder: string;
  clock: Clock;
  use?: Keys;
}): Auth {
  const { keys, keysWith } = createKeyring({ keysFolder, clock, use });
  /** Tokens whose signature is right, and the key that made it; the oldest first. */
  const remembered = new Map<string, { readonly principal: Principal; readonly kid: string }>();

  /** Its signature stays right; its time and its key may be over. */
  async function known(token: string): Promise<Principal | undefined> {
    const found = remembered.get(token);
    if (found === undefined) return undefined;
    const isGood =
      found.principal.expiresAt > clock.now() && (await keysWith(found.kid)).verifiers.has(found.kid);
    if (isGood) return found.principal;
    remembered.delete(token);
    return undefined;
  }

  function remember(token: string, kid: string, principal: Principal): void {
    remembered.set(token, { principal, kid });
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  }

  return {
    async issue(request) {
      const { sub, account, roles, session, ttlSeconds } = parseRequest(request);
      const { current } = await keys();
      const issuedAt = Math.floor(clock.now().getTime() / 1000);
      return await new SignJWT({
        account,
        roles: [...roles],
        ...(session === undefined ? {} : { sid: session }),
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: current.kid })
        .setSubject(sub)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ttlSeconds)
        .sign(current.key);
    },

    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) throw invalid('it is longer than 4,096 characters');
      const earlier = await known(token);
      if (earlier !== undefined) return earlier;
      const keyOf = async ({ kid }: JWTHeaderParameters) => {
        const key = typeof kid === 'string' ? (await keysWith(kid)).verifiers.get(kid) : undefined;
        if (key === undefined) throw invalid('its key is not one of ours');
        return key;
      };
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
          algorithms: ['EdDSA'],
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['exp', 'sub', 'account'],
          currentDate: clock.now(),
        });
        const { sub, account, roles, sid, exp } = claims.parse(payload);
        const session = sid === undefined ? {} : { session: sid };
        const principal = { sub, account, roles, ...session, expiresAt: new Date(exp * 1000) };
        remember(token, String(protectedHeader.kid), principal);
        return principal;
      } catch (error) {
        throw toRefusal(error);
      }
    },

    async jwks() {
      return { keys: (await keys()).published };
    },
  };
}

function parseRequest(request: TokenRequest): z.infer<typeof tokenRequest> {
  const parsed = tokenRequest.safeParse(request);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Permanent(
    'token-request-invalid',
    `No token can be made: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    issue === undefined ? {} : { field: issue.path.join('.') },
  );
}

function toRefusal(error: unknown): Permanent {
  if (error instanceof Permanent) return error;
  if (error instanceof MillraceError) throw error;
  if (error instanceof errors.JWTExpired) {
    return new Permanent('token-expired', 'The token has expired; get a new one.', { cause: error });
  }
  if (error instanceof errors.JWTClaimValidationFailed) return invalid(`its claim ${error.claim} is wrong`);
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid('it is not signed with EdDSA');
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('its signature is wrong');
  if (error instanceof z.ZodError) return invalid('its claims are not those of a token of Millrace');
  return invalid('it is not a signed JSON Web Token');
}

function invalid(why: string): Permanent {
  return new Permanent('token-invalid', `The token is refused: ${why}.`);
}
