import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Transient } from '#shared/errors';
import { type ArgonHash, formatHash, parseHash } from './hash-text.ts';

const derive = promisify(argon2);

/** OWASP's Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** The threads that derive are those that read files: half of the four stay free. */
const MOST_AT_ONCE = 2;
/** Some seconds of work; who comes later is told to come again. */
const MOST_WAITING = 50;

/** Keeps and checks passwords. Each call takes some 50 ms of a thread and 19 MiB. */
export interface Passwords {
  /** A PHC string. @throws Transient `passwords-busy` */
  hash(password: string): Promise<string>;
  /**
   * Whether it is the password of this hash. Without a hash it is not, after the same work: so the time does not tell
   * who has an account.
   *
   * @throws Transient `passwords-busy`
   */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const work = queue();
  const nobody: ArgonHash = { ...COST, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) };

  const tagOf = (password: string, { salt, tag, ...cost }: ArgonHash): Promise<Buffer> =>
    work(() =>
      derive('argon2id', {
        ...cost,
        // The same characters typed on another system (RFC 8265, OpaqueString).
        message: Buffer.from(password.normalize('NFC')),
        nonce: salt,
        tagLength: tag.length,
      }),
    );

  return {
    async hash(password) {
      const empty = { ...COST, salt: randomBytes(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) };
      return formatHash({ ...empty, tag: await tagOf(password, empty) });
    },
    async verify(password, hash) {
      const kept = hash === undefined ? nobody : parseHash(hash);
      const isSame = timingSafeEqual(await tagOf(password, kept), kept.tag);
      return isSame && hash !== undefined;
    },
  };
}

function queue(): <Answer>(task: () => Promise<Answer>) => Promise<Answer> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= MOST_AT_ONCE) {
      if (waiting.length >= MOST_WAITING)
        throw new Transient('passwords-busy', 'Too many people sign in at this moment.', {
          retryAfterMs: 5_000,
        });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await task();
    } finally {
      // Its place goes straight to the next, so that nobody comes between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
