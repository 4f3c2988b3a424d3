import { createHash, randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import type { Principal } from '#shared/auth';
import { HttpProblem, notFound } from '#shared/http';
import type { Inbox } from '#shared/inbox';
import type { PictureFiles, Pictures } from '#shared/pictures';
import type { SendCommand } from '../accounts/send-command.ts';
import type { HttpContext } from '../environment.ts';
import { asProblem, type Incoming, receiveBody } from '../uploads/receive.ts';
import { PICTURE_TYPES } from './schemas.ts';
import { uploadedPicture } from './uploaded-picture.ts';

/**
 * Takes a picture's bytes, of the request or of an upload that it names: streamed to the store, never whole in memory and
 * not decoded here. Answers its id, which is the same for the same bytes with the same key.
 *
 * @throws HttpProblem 400 `picture-empty`, 404 for an upload, 408, 413, 415, and what the command refuses with
 */
export async function takePicture(request: {
  c: HttpContext;
  principal: Principal;
  pictures: Pictures;
  files: PictureFiles;
  inbox: Inbox | undefined;
  send: SendCommand;
  idempotencyKey: string | undefined;
  /** Id of an upload; the body itself is the picture where left out. */
  upload: string | undefined;
  /** To show it with. */
  event?: string;
}): Promise<string> {
  const { c, principal, pictures, files, inbox, send, idempotencyKey, upload, event } = request;
  const user = principal.account;
  if (!isAccountId(user)) throw notFound('account');
  if (upload === undefined) checkType(c);
  const name = randomUUID();
  const take = ({ body, signal }: Incoming): Promise<{ bytes: number; sha256: string }> =>
    files.receive({ user, name, body, signal });
  /** Of a request that came before, or was refused, nobody looks at it any more. */
  const forget = async (picture: string): Promise<void> => {
    const found = await pictures.find(picture);
    if (found === undefined) await files.remove({ user, picture });
    else if (found.state !== 'pending') await files.removeOriginal({ user, picture });
  };
  try {
    const { bytes, sha256 } =
      upload === undefined
        ? await receiveBody({ c, take })
        : await asProblem(
            take(await uploadedPicture({ inbox, id: upload, account: user, signal: c.req.raw.signal })),
          );
    if (bytes === 0) throw empty();
    const picture = idOf([user, idempotencyKey ?? name, event ?? '', sha256]);
    // Before it is told of: whoever looks at it finds it.
    await files.keep({ user, picture, name });
    try {
      await send({
        ...{ c, type: 'picture.add', data: { picture, bytes, sha256, event }, principal, idempotencyKey },
        reply: z.object({ picture: z.string() }),
      });
    } catch (error) {
      const isUnderWay = error instanceof HttpProblem && error.code === 'command-under-way';
      // Another request with this key and these bytes needs them.
      if (!isUnderWay) await forget(picture);
      throw error;
    }
    await forget(picture);
    return picture;
  } finally {
    await files.drop({ user, name });
  }
}

function checkType(c: HttpContext): void {
  const given = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (PICTURE_TYPES.some((type) => type === given)) return;
  throw new HttpProblem({
    status: 415,
    code: 'content-type-unsupported',
    detail: `The body must be the picture itself: ${PICTURE_TYPES.join(', ')}.`,
    errors: [{ field: 'header.content-type', message: 'Send one of these.', limit: PICTURE_TYPES }],
    headers: { Accept: PICTURE_TYPES.join(', ') },
  });
}

function empty(): HttpProblem {
  return new HttpProblem({
    status: 400,
    code: 'picture-empty',
    detail: 'The body is empty; send the picture.',
  });
}

/** A UUID of these words (RFC 9562, version 8). */
function idOf(words: readonly string[]): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['millrace-picture', ...words]))
    .digest();
  bytes.writeUInt8(((bytes[6] ?? 0) & 0x0f) | 0x80, 6);
  bytes.writeUInt8(((bytes[8] ?? 0) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
