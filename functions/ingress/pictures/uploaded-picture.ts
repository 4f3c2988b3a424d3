import { notFound } from '#shared/http';
import type { Inbox } from '#shared/inbox';
import { invalidRequest } from '../request/invalid-request.ts';
import type { Incoming } from '../uploads/receive.ts';
import { PICTURE_TYPES } from './schemas.ts';

/** A store that is silent for so long is asked no more. */
const READ_MS = 60_000;

/**
 * The bytes of somebody's own finished upload. It stays what it is, a file that waits a week to be named: so a request that
 * comes again finds it.
 *
 * @throws HttpProblem 400 `request-invalid` where it is no picture, 404
 */
export async function uploadedPicture({
  inbox,
  id,
  account,
  signal,
}: {
  inbox: Pick<Inbox, 'finished'> | undefined;
  id: string;
  account: string;
  signal: AbortSignal;
}): Promise<Incoming> {
  const found = await inbox?.finished({ id, account });
  if (found === undefined) throw notFound('finished upload');
  if (!PICTURE_TYPES.some((type) => type === found.type))
    throw invalidRequest([
      { field: 'upload', message: `This upload is ${found.type}.`, limit: PICTURE_TYPES },
    ]);
  return { body: await found.read(), signal: AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]) };
}
