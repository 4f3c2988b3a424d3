import { Readable } from 'node:stream';
import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { MillraceError } from '#shared/errors';
import { noneMatches, notFound, USER_BYTES_POLICY } from '#shared/http';
import type { Inbox } from '#shared/inbox';
import { type PictureFiles, type PictureLinks, type Pictures, pictureView } from '#shared/pictures';
import type { SendCommand } from '../accounts/send-command.ts';
import type { HttpContext } from '../environment.ts';
import { eventParams, pictureParams } from '../gatherings/schemas.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { signedLinkQuery } from '../request/signed-link.ts';
import { defineRoute, type Route } from '../route.ts';
import { PICTURE_TYPES, picture, pictureId, pictureSizeName, pictureUpload } from './schemas.ts';
import { takePicture } from './take-picture.ts';

/** What the routes of pictures work with. */
export interface PicturePorts {
  readonly pictures: Pictures;
  readonly files: PictureFiles;
  /** Given, a picture may have been uploaded before. */
  readonly inbox: Inbox | undefined;
  readonly send: SendCommand;
  readonly links: PictureLinks;
}

const shared = { tag: 'Pictures', access: 'token', rate: 'counted' } as const;
const headers = z.object({ 'idempotency-key': idempotencyKey.optional() });
const missing = { description: 'You have no picture of this id.' };
const refused = {
  400: { description: 'The body is empty, the upload is no picture, or a field is wrong.' },
  408: { description: 'The bytes did not arrive in time.' },
  413: { description: 'More than 20 MB, or JSON of more than 300 KB.' },
  415: { description: 'The body is neither JPEG, PNG or WebP by its Content-Type, nor JSON in UTF-8.' },
} as const;
const taken = {
  description: 'It is being cleaned and made in its sizes; ask at `Location`.',
  schema: picture,
  headers: { Location: 'Its own path.' },
};

/** People's pictures, and those of events. */
export function pictureRoutes({ pictures, files, inbox, send, links }: PicturePorts): Route[] {
  async function answer(c: HttpContext, id: string): Promise<Response> {
    const found = await pictures.find(id);
    // Made by an earlier request with this key, and gone since.
    if (found === undefined) throw notFound('picture');
    c.header('Location', `/media/${id}`);
    return c.json(await pictureView(found, links), 202);
  }

  const add = defineRoute({
    ...shared,
    method: 'post',
    path: '/media',
    operationId: 'addPicture',
    summary: 'Send a picture',
    description:
      'The body is the picture itself, or JSON that names an upload of yours: at most 20 MB and 40 megapixels. What it tells of you (where it was taken, with what) is removed. What nothing shows within a day goes.',
    headers,
    body: pictureUpload.optional(),
    bytes: PICTURE_TYPES,
    responses: {
      ...refused,
      202: taken,
      404: { description: 'There is no such upload of yours, or the token is of nobody who registered.' },
      409: {
        description: '20 of yours are being looked at, or the Idempotency-Key came before with another.',
      },
    },
    handle: async ({ c, principal, headers: given, body }) =>
      answer(
        c,
        await takePicture({
          ...{ c, principal, pictures, files, inbox, send, upload: body?.upload },
          idempotencyKey: given['idempotency-key'],
        }),
      ),
  });

  const addToEvent = defineRoute({
    ...shared,
    method: 'post',
    path: '/events/{id}/media',
    operationId: 'addEventPicture',
    summary: 'Send a picture of an event of yours',
    description: 'As `POST /media`; it is shown with the event. At most 20.',
    params: eventParams,
    headers,
    body: pictureUpload.optional(),
    bytes: PICTURE_TYPES,
    responses: {
      ...refused,
      202: taken,
      403: { description: 'It is not yours.' },
      404: {
        description:
          'There is no event of this id that you see, no such upload of yours, or you never registered.',
      },
      409: {
        description:
          'It shows 20 already, 20 of yours are being looked at, or the Idempotency-Key came before.',
      },
    },
    async handle({ c, principal, params: { id: event }, headers: given, body }) {
      if (!isAccountId(event)) throw notFound('event');
      return answer(
        c,
        await takePicture({
          ...{ c, principal, pictures, files, inbox, send, event, upload: body?.upload },
          idempotencyKey: given['idempotency-key'],
        }),
      );
    },
  });

  const removeFromEvent = defineRoute({
    ...shared,
    method: 'delete',
    path: '/events/{id}/media/{picture}',
    operationId: 'removeEventPicture',
    summary: 'Take a picture away from an event of yours',
    params: pictureParams,
    headers,
    responses: {
      204: { description: 'It is shown there no more.' },
      403: { description: 'It is not yours.' },
      404: { description: 'There is no such event that you see, or it does not show this picture.' },
      409: { description: 'It was imported, or the Idempotency-Key came before with another request.' },
    },
    async handle({ c, principal, params: { id, picture }, headers: given }) {
      if (!isAccountId(id)) throw notFound('event');
      if (!isAccountId(picture)) throw notFound('picture of this event');
      const data = { event: id, picture };
      await send({
        ...{ c, type: 'picture.detach', data, principal, reply: z.undefined() },
        idempotencyKey: given['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  const read = defineRoute({
    ...shared,
    method: 'get',
    path: '/media/{picture}',
    operationId: 'readPicture',
    summary: 'Read a picture of yours',
    description: 'Others have its links from what shows it.',
    params: z.object({ picture: pictureId }),
    responses: {
      200: { description: 'Its state, and links once it is ready.', schema: picture },
      404: missing,
    },
    async handle({ c, principal, params }) {
      const found = await pictures.find(params.picture);
      if (found === undefined || found.owner !== principal.account) throw notFound('picture');
      return c.json(await pictureView(found, links), 200);
    },
  });

  const remove = defineRoute({
    ...shared,
    method: 'delete',
    path: '/media/{picture}',
    operationId: 'removePicture',
    summary: 'Remove a picture of yours',
    description: 'From wherever it is shown, with its bytes.',
    params: z.object({ picture: pictureId }),
    headers,
    responses: {
      204: { description: 'It is gone.' },
      404: missing,
      409: { description: 'The Idempotency-Key came before with another request.' },
    },
    async handle({ c, principal, params, headers: given }) {
      if (!isAccountId(params.picture)) throw notFound('picture');
      const data = { picture: params.picture };
      await send({
        ...{ c, type: 'picture.remove', data, principal, reply: z.undefined() },
        idempotencyKey: given['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  return [add, read, remove, bytesRoute({ pictures, files }), addToEvent, removeFromEvent];
}

function bytesRoute({ pictures, files }: Pick<PicturePorts, 'pictures' | 'files'>): Route {
  return defineRoute({
    method: 'get',
    path: '/media/{picture}/{size}',
    operationId: 'readPictureBytes',
    tag: 'Pictures',
    summary: 'Read a picture in one of its sizes',
    access: 'link',
    rate: 'free',
    params: z.object({ picture: pictureId, size: pictureSizeName }),
    query: signedLinkQuery,
    headers: z.object({
      'if-none-match': z
        .string()
        .optional()
        .openapi({ description: 'Entity tags that the reader has.', example: '"abc"' }),
    }),
    responses: {
      200: { description: 'WebP.', type: 'image/webp', headers: { ETag: 'It never changes.' } },
      304: { description: 'The reader has it.' },
      404: { description: 'You have no such picture, or not in this size.' },
    },
    async handle({ c, principal, params: { picture: id, size }, headers: given }) {
      const found = await pictures.find(id);
      const row = found?.sizes.find(({ name }) => name === size);
      // A signature stands for the word of whoever showed it, for this path alone.
      const isTheirs = principal === undefined || found?.owner === principal.account;
      if (found === undefined || row === undefined || !isTheirs) throw notFound('picture of this size');
      const etag = `"${id}-${size}"`;
      const about = {
        ETag: etag,
        'Cache-Control': 'private, max-age=3600, immutable',
        'Content-Security-Policy': USER_BYTES_POLICY,
        ...(principal === undefined ? { 'Cross-Origin-Resource-Policy': 'cross-origin' } : {}),
      };
      if (noneMatches(given['if-none-match'], etag)) return c.body(null, 304, about);
      const answer = { ...about, 'Content-Type': 'image/webp', 'Content-Length': String(row.bytes) };
      if (c.req.method === 'HEAD') return c.body(null, 200, answer);
      const asked = { user: found.owner, picture: id, size, signal: c.req.raw.signal };
      const bytes = await files.read(asked).catch((error: unknown) => {
        if (error instanceof MillraceError && error.code === 'object-not-found')
          throw notFound('picture of this size');
        throw error;
      });
      return c.body(Readable.toWeb(bytes) as ReadableStream, 200, answer);
    },
  });
}
