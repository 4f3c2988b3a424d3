import { isAccountId } from '#shared/accounts';
import type { UrlSigner } from '#shared/auth';
import type { Pool } from '#shared/database';
import type { Clock } from '#shared/function';
import { PICTURE, type Picture, type PictureUse } from './rows.ts';

/** A picture as those see it who see what shows it. */
export interface PictureView {
  readonly id: string;
  readonly state: 'pending' | 'ready' | 'refused';
  /** Why it cannot be shown: `picture-unreadable`, `picture-too-large`. */
  readonly refusal?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sizes: {
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly bytes: number;
    /** Signed: whoever has it reads the bytes, for an hour at least. */
    readonly href: string;
  }[];
}

/** What makes links. */
export interface PictureLinks {
  readonly signer: UrlSigner;
  readonly clock: Clock;
}

/** Links change once an hour, so that browsers keep what they have. */
const HOUR_MS = 3_600_000;

export async function pictureView(picture: Picture, { signer, clock }: PictureLinks): Promise<PictureView> {
  const { id, state, refusal, width, height } = picture;
  const expiresAt = new Date((Math.floor(clock.now().getTime() / HOUR_MS) + 2) * HOUR_MS);
  const sizes = picture.sizes.map(async (size) => ({
    ...size,
    href: await signer.sign({ method: 'GET', path: `/media/${id}/${size.name}`, expiresAt }),
  }));
  return {
    ...{ id, state, sizes: await Promise.all(sizes) },
    ...(refusal === null ? {} : { refusal }),
    ...(width === null || height === null ? {} : { width, height }),
  };
}

/** What is read of pictures; what changes them is done in the transaction of a command. */
export interface Pictures {
  find(id: string): Promise<Picture | undefined>;
  /** Those that these show, in their order. */
  shownBy(request: {
    kind: PictureUse;
    ids: readonly string[];
  }): Promise<ReadonlyMap<string, readonly Picture[]>>;
}

export function createPictures({ pool }: { pool: Pool }): Pictures {
  return {
    async find(id) {
      if (!isAccountId(id)) return undefined;
      const { rows } = await pool.query<Picture>(
        `select ${PICTURE} from people.picture p join people.account o on o.id = p.owner where p.id = $1`,
        [id],
      );
      return rows[0];
    },
    async shownBy({ kind, ids }) {
      const { rows } = await pool.query<Picture & { usedBy: string }>(SHOWN_BY, [kind, ids]);
      return Map.groupBy(rows, ({ usedBy }) => usedBy);
    },
  };
}

/** $1: kind of what shows them; $2: which. */
export const SHOWN_BY = `
  select u.used_by as "usedBy", ${PICTURE}
  from people.picture_use u join people.picture p on p.id = u.picture
  where u.kind = $1 and u.used_by = any($2::uuid[]) order by u.used_by, u.position, p.id`;
